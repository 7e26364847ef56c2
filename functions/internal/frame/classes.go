package frame

// Dtype is the Python type of a class label; it decides how JSON writes it.
type Dtype uint8

// The types that scikit-learn's class labels have.
const (
	Int Dtype = iota
	Str
	Bool
	Float
)

// Classes are the distinct labels that a model answers with, in its own order
// (`classes_`, or the cluster numbers).
type Classes struct {
	Dtype Dtype
	// Text is each label as Python's str writes it.
	Text []string
	// Num is each label as a number (bools as 0 and 1); nil for strings.
	Num []float64
}

// Len returns the number of classes.
func (c *Classes) Len() int { return len(c.Text) }
