/**
 * Plugin for esbuild: the program loads these modules of Node when something of them is used. A module that is loaded
 * where a file begins costs every command milliseconds, whether it needs it or not.
 */
export function lazyModules(...names) {
  const namespace = 'lazy-module';
  const filter = new RegExp(`^(?:${names.join('|')})$`);
  return {
    name: namespace,
    setup({ onResolve, onLoad }) {
      onResolve({ filter }, ({ path, importer }) =>
        importer === path ? { path, external: true } : { path, namespace },
      );
      onLoad({ filter, namespace }, ({ path }) => ({
        contents: `
          let loaded;
          const get = (_, key) => (loaded ??= require(${JSON.stringify(path)}))[key];
          module.exports = new Proxy({}, { get });`,
      }));
    },
  };
}
