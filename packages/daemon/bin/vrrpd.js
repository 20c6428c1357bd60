#!/usr/bin/env node
// The command `vrrpd`. It is here before anything is built, because npm links no program that does not exist yet.
try {
  await import('../dist/bin.js');
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !error.message.includes('bin.js')) throw error;
  process.stderr.write('vrrpd is not built: run "npm run build" in its folder first\n');
  process.exit(1);
}
