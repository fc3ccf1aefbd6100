#!/usr/bin/env node
/** The `foothold` command. The library, `index.ts`, loads nothing of it. */
import '@foothold/cli/main';
