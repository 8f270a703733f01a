/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Both load files of their own at run time, which a bundle would lose.
  serverExternalPackages: ['@electric-sql/pglite', 'postgres'],
  // A lock file above this folder would otherwise move the root there.
  turbopack: { root: import.meta.dirname },
  // A header set here wins over the same header of a route. So this holds only what is the same everywhere; who may frame a
  // page differs between the dashboard and the portal, and is said by them.
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        // Not no-referrer: a form would then post "Origin: null", and its own server would take it for a stranger.
        { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
        { key: 'X-DNS-Prefetch-Control', value: 'off' },
        { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=()' },
      ],
    },
    // The address is the credential.
    { source: '/magicLink/:path*', headers: [{ key: 'Referrer-Policy', value: 'no-referrer' }] },
  ],
  // The address of a link is a credential, and development prints each request.
  logging: { incomingRequests: { ignore: [/magicLink/] } },
  // Connect over HTTP/1.1 comes in at the paths of the contract; a folder name cannot hold a whole service name.
  rewrites: async () => ({
    beforeFiles: [
      {
        source: '/:service(scalekit\\.v1\\.[A-Za-z_.]+)/:method',
        destination: '/api/rpc/:service/:method',
      },
    ],
    afterFiles: [],
    fallback: [],
  }),
};

export default config;
