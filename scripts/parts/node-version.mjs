// Written so that an old Node reads it too, and imported before anything that it could not read.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Gatehouse needs Node 20.19 or later; this is ${process.versions.node}. Install it from https://nodejs.org.`,
  );
  process.exit(1);
}
