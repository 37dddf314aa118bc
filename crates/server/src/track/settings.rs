//! The settings that browser SDKs fetch before they send anything. Without them neither of the two starts.

use serde_json::{Value, json};

/// What analytics-next (Segment) fetches: its own destination only, no plan that blocks events, no metrics.
pub fn analytics_next(write_key: &str) -> Value {
    json!({
        "integrations": {
            "Segment.io": {
                "apiKey": write_key,
                "unbundledIntegrations": [],
                "addBundledMetadata": true,
                "versionSettings": { "version": "4.4.7", "componentTypes": ["browser"] }
            }
        },
        "plan": {
            "track": { "__default": { "enabled": true, "integrations": {} } },
            "identify": { "__default": { "enabled": true } },
            "group": { "__default": { "enabled": true } }
        },
        "edgeFunction": {},
        "analyticsNextEnabled": true,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": { "sampleRate": 0 },
        "legacyVideoPluginsEnabled": false,
        "remotePlugins": []
    })
}

/// What RudderStack's browser SDK fetches: a source without destinations, nothing reported about itself.
pub fn rudder(write_key: &str) -> Value {
    let since = "2026-01-01T00:00:00Z";
    json!({
        "source": {
            "id": "beckon",
            "name": "Beckon",
            "writeKey": write_key,
            "config": {
                "statsCollection": { "errors": { "enabled": false }, "metrics": { "enabled": false } }
            },
            "enabled": true,
            "workspaceId": "beckon",
            "destinations": [],
            "dataplanes": {},
            "connections": [],
            "updatedAt": since
        },
        "updatedAt": since
    })
}
