"""What a shop's server says with Segment's library for Python: the arguments are a key and an address."""

import sys

import segment.analytics as analytics

analytics.write_key, analytics.host = sys.argv[1:3]
analytics.gzip = len(sys.argv) > 3
errors = []
analytics.on_error = lambda error, items: errors.append(error)
analytics.identify("u-py", {"email": "Py@Example.test", "email_consent": True, "firstName": "Анна"})
analytics.page("u-py", "Docs", "Python", {"path": "/tea"})
analytics.track("u-py", "Product Viewed", {"product_id": "P-2"})
analytics.track("u-py", "Product Added", {"product_id": "P-1", "quantity": 2, "price": 101, "currency": "RUB"})
order = {"order_id": "O-py", "total": 202, "currency": "RUB", "products": [{"product_id": "P-1", "quantity": 2}]}
analytics.track("u-py", "Order Completed", order)
analytics.shutdown()
sys.exit(f"not taken: {errors}" if errors else 0)
