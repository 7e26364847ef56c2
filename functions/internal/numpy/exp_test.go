package numpy

import (
	"math"
	"testing"
)

// The wanted numbers are numpy 1.24.3's.
func TestExpAndLog(t *testing.T) {
	for _, c := range []struct {
		name    string
		f       func(float64) float64
		x, want float64
	}{
		{"Exp", Exp, 0.0, 1.0},
		{"Exp", Exp, math.Copysign(0, -1), 1.0},
		{"Exp", Exp, 1.0, 2.718281828459045},
		{"Exp", Exp, -1.0, 0.36787944117144233},
		{"Exp", Exp, 1e-17, 1.0},
		{"Exp", Exp, -1e-300, 1.0},
		{"Exp", Exp, 0.5, 1.6487212707001282},
		{"Exp", Exp, 709.7, 1.6549840276802644e+308},
		{"Exp", Exp, -300.25, 4.009422364622857e-131},
		{"Exp", Exp, 1.6521853809169356, 5.218371504572446},
		{"Exp", Exp, 0.14211120657898393, 1.1527048297702718},
		{"Exp", Exp, -16.03862850506895, 1.0827099874713897e-07},
		{"Exp", Exp, -26.4871799125629, 3.138802015406757e-12},
		{"Exp", Exp, -4.9672324419049705, 0.0069623902149385155},
		{"Exp", Exp, 8.40890476131043, 4486.843654709575},
		{"Exp", Exp, 22.720930649792855, 7371821401.005993},
		{"Exp", Exp, 2.194127986436164, 8.972173787333134},
		{"Exp2", Exp2, 0.0, 1.0},
		{"Exp2", Exp2, -1.0, 0.5},
		{"Exp2", Exp2, -0.5, 0.7071067811865476},
		{"Exp2", Exp2, 10.0, 1024.0},
		{"Exp2", Exp2, -0.8169464108399973, 0.5676421358479978},
		{"Exp2", Exp2, -0.09055038780489033, 0.939164389876552},
		{"Exp2", Exp2, -0.09751542145433612, 0.9346412254363338},
		{"Exp2", Exp2, -1.9983522301301428, 0.2502856998844564},
		{"Exp2", Exp2, -1.3047382231759754, 0.4047945515281113},
		{"Exp2", Exp2, -0.4690204033396479, 0.7224549815574011},
		{"Exp2", Exp2, -0.8698951044502841, 0.5471866340596965},
		{"Exp2", Exp2, -1.9483723865185107, 0.25910838591184615},
		{"Log", Log, 1.0, 0.0},
		{"Log", Log, 2.0, 0.6931471805599453},
		{"Log", Log, 0.5, -0.6931471805599453},
		{"Log", Log, 10.0, 2.302585092994046},
		{"Log", Log, 1e-310, -713.8013788281542},
		{"Log", Log, 1.749066367692736, 0.5590821413958539},
		{"Log", Log, 0.4138564080388639, -0.8822362058057317},
		{"Log", Log, 255.0, 5.541263545158426},
		{"Log", Log, 1.2249284578162765, 0.20288244050860835},
		{"Log", Log, 0.17690633939174472, -1.7321348424395848},
		{"Log", Log, 0.9197106283504775, -0.08369619281702585},
		{"Log", Log, 0.312476512245515, -1.1632259734447485},
		{"Log", Log, 0.5329710912662764, -0.6292880940615545},
		{"Log", Log, 0.6138492984179956, -0.48800582327685743},
	} {
		if got := c.f(c.x); got != c.want {
			t.Errorf("%s(%v) = %v, want %v", c.name, c.x, got, c.want)
		}
	}
}

func TestExpOutsideItsTable(t *testing.T) {
	for _, x := range []float64{math.Inf(1), math.Inf(-1), 710, -746, -745} {
		if got := Exp(x); got != math.Exp(x) {
			t.Errorf("Exp(%v) = %v, want %v", x, got, math.Exp(x))
		}
		if got := Exp2(2 * x); got != math.Exp2(2*x) {
			t.Errorf("Exp2(%v) = %v, want %v", 2*x, got, math.Exp2(2*x))
		}
	}
	if got := Exp(math.NaN()); got == got {
		t.Errorf("Exp(NaN) = %v", got)
	}
	if got := Log(-1); got == got {
		t.Errorf("Log(-1) = %v", got)
	}
}

// TestRoughExp compares with Exp.
func TestRoughExp(t *testing.T) {
	x := []float64{0, math.Copysign(0, -1), 5e-324, -5e-324, 1, -1, 709, -699.999, -700, -700.001, -1e6, -1e300, math.Inf(-1)}
	for i := range 100_000 {
		x = append(x, float64(i)*0.01409-700)
	}
	for i := range 1000 {
		x = append(x, -float64(i)*math.Ln2/256) // where steps meet
	}
	got := append([]float64(nil), x...)
	RoughExp(got)
	for i, v := range x {
		if want := Exp(v); !(math.Abs(got[i]-want) <= 1e-11*want+1e-304) {
			t.Fatalf("RoughExp(%v) = %v, want %v", v, got[i], want)
		}
	}
}
