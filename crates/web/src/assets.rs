//! Styles, scripts and images, embedded and served under names that hold the hash of their content.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// What a page may load: only what this server embeds, and no script or style written in the page.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     media-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

/// One embedded file.
pub(crate) struct Asset {
    name: &'static str,
    kind: &'static str,
    tag: &'static str,
    bytes: &'static [u8],
}

/// `GET /assets/{name}` for every embedded file.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{name}", get(asset))
}

/// An embedded file, to be kept by browsers for a year: another content has another name.
pub async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ALL.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let head = [(header::ETAG, asset.tag), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == asset.tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    (head, [(header::CONTENT_TYPE, asset.kind), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")], asset.bytes)
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_asset_is_kept_for_ever_and_a_known_one_is_not_sent_again() {
        let name = YANHE_CSS.trim_start_matches("/assets/").to_owned();
        let first = asset(Path(name.clone()), HeaderMap::new()).await;
        assert_eq!(first.status(), StatusCode::OK);
        assert!(first.headers()[header::CACHE_CONTROL].to_str().is_ok_and(|v| v.contains("immutable")));
        let again = HeaderMap::from_iter([(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone())]);
        assert_eq!(asset(Path(name), again).await.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(asset(Path("yanhe.0.css".to_owned()), HeaderMap::new()).await.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn what_a_first_visit_loads_beside_the_page_is_under_forty_kilobytes() {
        let bytes: usize = ALL.iter().map(|asset| asset.bytes.len()).sum();
        assert!(bytes < 40_000, "{bytes}");
    }
}
