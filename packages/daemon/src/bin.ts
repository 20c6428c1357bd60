#!/usr/bin/env node
// The program `vrrpd`: hands the command line over and leaves with its status.
import { main } from './cli/main.js';

process.exit(await main(process.argv.slice(2), process.argv[1]));
