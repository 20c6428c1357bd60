// @vrrp/wire/auth: the authentication that needs cryptography, which the caller brings as a function: the IP Authentication
// Header of version 2, and keepalived 2.4's HMAC trailer. Simple passwords are in the main entry.
export type { AhSigning, AuthenticationHeader, HmacMd5 } from './ip-ah.js';
export { AH_ICV_LENGTH, AH_LENGTH, decodeAuthenticationHeader, signDatagram, verifyDatagram } from './ip-ah.js';
export type { HmacOutcome, HmacPolicy, HmacSha256, HmacSigning } from './hmac.js';
export { encodeHmacTrailer, hmacSequence, judgeHmac } from './hmac.js';
export type { HmacTime, HmacTrailer } from './hmac-trailer.js';
export { decodeHmacTrailer, HMAC_TRAILER_LENGTH, isWellFormed } from './hmac-trailer.js';
export type { ReplayWindow } from './replay-window.js';
export { acceptSequence, EMPTY_REPLAY_WINDOW, REPLAY_WINDOW_SIZE } from './replay-window.js';
