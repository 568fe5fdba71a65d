/**
 * Plugin for esbuild: the program loads these Node modules when they are first used. A module that is loaded at the start of
 * a file costs every command milliseconds, whether or not it needs it.
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
