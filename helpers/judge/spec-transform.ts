/**
 * Turns specs, and what they import, into what Jest runs. Jest keeps the results: as long as nothing has changed, the
 * compiler, which takes half a second to load, is not needed.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { SyncTransformer } from '@jest/transform';
import type TypeScript from 'typescript';

const require = createRequire(import.meta.url);
const { version } = JSON.parse(
  readFileSync(path.join(path.dirname(require.resolve('typescript')), '../package.json'), 'utf8'),
) as { version: string };
const SETTINGS = { esModuleInterop: true, inlineSourceMap: true, inlineSources: true };

const transformer: SyncTransformer = {
  getCacheKey: (source, file) =>
    createHash('sha256')
      .update([version, JSON.stringify(SETTINGS), file, source].join('\0'))
      .digest('hex'),
  process: (source, fileName) => {
    const ts = require('typescript') as typeof TypeScript;
    const compilerOptions = { ...SETTINGS, module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    return { code: ts.transpileModule(source, { fileName, compilerOptions }).outputText };
  },
};

export default transformer;
