// @vrrp/conf-parser: keepalived.conf text to a typed model with positions and diagnostics, and back to text.
// Pure: files and facts of the machine come in through ports. The zod schema of the model is the subpath `./schema`,
// so that reading a configuration does not load zod.
export { checkNodes } from './check-nodes.js';
export type { Diagnostic, FindingCode, KeepalivedFinding, RelatedPlace, Severity, Suggestion } from './diagnostic.js';
export { DIAGNOSTIC_CODES } from './diagnostic-codes.js';
export type { CodeEntry, DiagnosticCode } from './diagnostic-codes.js';
export { exitStatus } from './exit-status.js';
export type { ExitPolicy, ExitStatus } from './exit-status.js';
export { formatConfig } from './format.js';
export type { BlockFacts, KeywordFacts, Support } from './bind/keyword.js';
export { CONFIGURATION } from './keywords/root.js';
export { isUnterminated, lexFile, lexLine } from './lexer.js';
export type { Token, TokenKind } from './lexer.js';
export { createMemoryLoader } from './memory-loader.js';
export { effectiveWeight } from './effective-weight.js';
export type * from './model.js';
export { parseConfig } from './parse-config.js';
export type { ParsedConfig, ParseOptions } from './parse-config.js';
export type { Place, PlaceOf } from './places.js';
export { parseCst } from './parser.js';
export type { CstBlock, CstFile, CstLine, CstNode } from './parser.js';
export { printCst } from './print.js';
export { renderDiagnostics } from './render.js';
export { createSourceFile, lineText, positionAt } from './source.js';
export type {
  Expansion,
  FileKind,
  Position,
  ScriptInspection,
  SourceFile,
  SourceLoader,
  Span,
  SystemFacts,
} from './source.js';
export { nearestWord } from './suggest.js';
