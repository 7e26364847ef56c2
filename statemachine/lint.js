// Checks a definition as AWS's own editors do.
//
//	node statemachine/lint.js DEFINITION.asl.json
const { readFileSync } = require('node:fs');
const { getLanguageService, TextDocument } = require('amazon-states-language-service');

const [file] = process.argv.slice(2);
const document = TextDocument.create(file, 'asl', 1, readFileSync(file, 'utf8'));
const service = getLanguageService({});

service.doValidation(document, service.parseJSONDocument(document)).then((found) => {
  for (const { range, message } of found) {
    console.error(`${file}:${range.start.line + 1}: ${message}`);
  }
  process.exitCode = found.length ? 1 : 0;
});
