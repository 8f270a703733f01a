export default {
  forbidden: [{name:'x', severity:'error', from:{path:'^lib/core'}, to:{path:'^lib/db'}}],
  options: { parser: 'swc', tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' } , moduleSystems:['es6','cjs']},
};
