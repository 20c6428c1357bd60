// What the expansion of a configuration may cost. keepalived has no such limits; a file that needs more is a mistake
// or an attack, and gets the diagnostic conf/expansion-limit instead of all of the machine's memory.

/** keepalived 2.2.7 reads lines into 1024 bytes; a longer line goes on as if it were the next one. */
export const MAX_LINE_BYTES = 1023;
/** Lines that ~SEQ, ~LST and definitions of several lines may give, in all. */
export const MAX_EXPANDED_LINES = 500_000;
/** A line may have its definitions replaced this many times over: more is a definition that names itself. */
export const MAX_SUBSTITUTION_PASSES = 32;
/** A line may not grow beyond this many characters by substitution. */
export const MAX_SUBSTITUTED_LENGTH = 8192;
/** Files read by one configuration. */
export const MAX_INCLUDED_FILES = 10_000;
/** Files, sequences and definitions being read at the same time. */
export const MAX_READER_DEPTH = 256;
/** Further rounds of replacement, after the first of each line, that a configuration may have in all. */
export const MAX_NESTED_SUBSTITUTIONS = 200_000;
