// What a shop's server says with Segment's library for Node: the arguments are a key and an address.

const { Analytics } = require('@segment/analytics-node')

const [writeKey, host] = process.argv.slice(2)
const analytics = new Analytics({ writeKey, host, maxRetries: 2 })
analytics.on('error', (error) => {
  console.error('not taken:', error)
  process.exitCode = 1
})
analytics.identify({ userId: 'u-js', traits: { email: 'Js@Example.test', email_consent: true, firstName: 'Анна' } })
analytics.page({ userId: 'u-js', name: 'Tea', properties: { path: '/tea' } })
analytics.track({ userId: 'u-js', event: 'Product Viewed', properties: { product_id: 'P-2' } })
analytics.track({
  userId: 'u-js', event: 'Product Added',
  properties: { product_id: 'P-1', quantity: 2, price: 101, currency: 'RUB' },
})
analytics.track({
  userId: 'u-js', event: 'Order Completed',
  properties: { order_id: 'O-js', total: 202, currency: 'RUB', products: [{ product_id: 'P-1', quantity: 2 }] },
})
analytics.closeAndFlush()
