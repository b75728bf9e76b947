//! `docs/format.md` is true: every vector in it is computed anew.

use std::collections::BTreeMap;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde_json::{Value, json};
use yanhe_journal::merkle::{
    TileId, Tree, consistency_proof, inclusion_proof, leaf_hash, root_of, verify_consistency, verify_inclusion,
};
use yanhe_journal::{
    Checkpoint, Entry, Hash, Head, NoteSigner, NoteVerifier, Recorded, canonical, checkpoint, genesis, heads, hex,
    note, sealed, sha256, unhex, verify_stream,
};

use crate::merkle::{Stored, leaves};

const PAGE: &str = include_str!("../../../../docs/format.md");

#[test]
fn every_vector_of_the_page_is_what_this_crate_computes() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let vectors: Vec<Value> = PAGE
        .split("```json vector\n")
        .skip(1)
        .map(|block| serde_json::from_str(block.split_once("\n```").unwrap().0).expect("a vector is JSON"))
        .collect();
    for vector in &vectors {
        let kind = vector["vector"].as_str().unwrap();
        let (given, expected) = (&vector["in"], &vector["out"]);
        assert!(!expected.is_null(), "{kind} says what comes out");
        assert_eq!(&computed(kind, given), expected, "{vector:#}");
        *seen.entry(kind).or_default() += 1;
    }
    let kinds: Vec<&str> = seen.keys().copied().collect();
    assert_eq!(
        kinds,
        [
            "blob",
            "canonical",
            "checkpoint",
            "entry",
            "genesis",
            "heads",
            "note",
            "proof",
            "refused",
            "sealed",
            "stream",
            "tile",
            "tree"
        ]
    );
    assert_eq!(PAGE.matches("\"vector\"").count(), vectors.len(), "no vector is in a block that is not read");
}

fn computed(kind: &str, given: &Value) -> Value {
    match kind {
        "canonical" => json!(HEXLOWER.encode(&canonical::to_bytes(given).unwrap())),
        "refused" => json!(canonical::parse(text(given).as_bytes()).is_err()),
        "genesis" => json!(hex(&genesis(text(&given["jurisdiction"]), text(&given["stream"])))),
        "entry" => {
            let entry = entry(given);
            assert_eq!(entry.check(), Ok(()));
            json!({ "record": String::from_utf8(entry.record()).unwrap(), "hash": hex(&entry.hash()) })
        }
        "stream" => stream(given),
        "heads" => json!(heads::digest(&given.as_array().unwrap().iter().map(head).collect::<Vec<_>>())),
        "tree" => tree(given),
        "tile" => {
            let number = |key: &str| given[key].as_u64().unwrap();
            let id = TileId { level: number("level") as u8, index: number("index"), width: number("width") as u16 };
            json!(id.path())
        }
        "proof" => proof(given),
        "note" => {
            json!(note::open(text(&given["note"]), &[NoteVerifier::parse(text(&given["key"])).unwrap()]).unwrap())
        }
        "checkpoint" => signed(given),
        "sealed" => sealed(given),
        "blob" => json!(hex(&sha256(&[text(given).as_bytes()]))),
        other => panic!("a vector of a kind nobody computes: {other}"),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn hash(value: &Value) -> Hash {
    unhex(text(value)).unwrap()
}

fn entry(given: &Value) -> Entry {
    Entry {
        jurisdiction: text(&given["jurisdiction"]).into(),
        stream: text(&given["stream"]).into(),
        version: given["version"].as_i64().unwrap(),
        at: given["at"].as_i64().unwrap(),
        actor: text(&given["actor"]).into(),
        kind: text(&given["kind"]).into(),
        body_version: given["body_version"].as_i64().unwrap(),
        body: canonical::to_bytes(&given["body"]).unwrap(),
        prev: hash(&given["prev"]),
    }
}

fn head(given: &Value) -> Head {
    Head {
        stream: text(&given["stream"]).into(),
        version: given["version"].as_i64().unwrap(),
        hash: hash(&given["hash"]),
    }
}

fn stream(given: &Value) -> Value {
    let rows: Vec<Recorded> = given["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| Recorded { entry: entry(row), hash: hash(&row["hash"]) })
        .collect();
    let sealed: Vec<Head> = given["sealed"].as_array().unwrap().iter().map(head).collect();
    match verify_stream(text(&given["jurisdiction"]), text(&given["stream"]), &rows, &sealed) {
        Ok(head) => json!({ "head": { "stream": head.stream, "version": head.version, "hash": hex(&head.hash) } }),
        Err(fault) => json!({ "fault": fault }),
    }
}

/// Either records in hexadecimal, or a count of records that are the decimal numbers from 0.
fn tree(given: &Value) -> Value {
    let all = match &given["records"] {
        Value::Array(records) => {
            records.iter().map(|record| leaf_hash(&HEXLOWER.decode(text(record).as_bytes()).unwrap())).collect()
        }
        count => leaves(count.as_u64().unwrap() as usize),
    };
    let mut tree = Tree::new();
    let mut tiles = BTreeMap::new();
    for tile in tree.append(&all) {
        tiles.insert(tile.id.path(), hex(&sha256(&[&tile.bytes])));
    }
    assert_eq!(tree.root(), root_of(&all));
    json!({ "root": hex(&tree.root()), "tiles": tiles })
}

fn proof(given: &Value) -> Value {
    let size = given["size"].as_u64().unwrap();
    let all = leaves(size as usize);
    let mut stored = Stored::default();
    stored.put(Tree::new().append(&all));
    let root = root_of(&all);
    let proof = match (given["leaf"].as_u64(), given["old"].as_u64()) {
        (Some(leaf), None) => {
            let proof = inclusion_proof(leaf, size, |id| stored.get(id)).unwrap();
            assert_eq!(verify_inclusion(&all[leaf as usize], leaf, size, &proof, &root), Ok(()));
            proof
        }
        (None, Some(old)) => {
            let proof = consistency_proof(old, size, |id| stored.get(id)).unwrap();
            let old_root = root_of(&all[..old as usize]);
            assert_eq!(verify_consistency(old, &old_root, size, &root, &proof), Ok(()));
            proof
        }
        _ => panic!("a proof is of a leaf or of an old size"),
    };
    json!(proof.iter().map(hex).collect::<Vec<_>>())
}

fn signed(given: &Value) -> Value {
    let said = Checkpoint {
        origin: text(&given["origin"]).into(),
        size: given["size"].as_u64().unwrap(),
        root: hash(&given["root"]),
        extensions: vec![],
    };
    let signer = NoteSigner::new(&said.origin, &hash(&given["secret"])).unwrap();
    let note = checkpoint::sign(&said, &signer).unwrap();
    assert_eq!(checkpoint::verify(&note, &signer.verifier()), Ok(said));
    json!({ "key": signer.verifier().to_string(), "note": note })
}

fn sealed(given: &Value) -> Value {
    let (stream, person) = (text(&given["stream"]), text(&given["person"]));
    let aad = format!("{stream}|{person}");
    let plain = canonical::to_bytes(&given["value"]).unwrap();
    let (key, nonce) = (hash(&given["key"]), HEXLOWER.decode(text(&given["nonce"]).as_bytes()).unwrap());
    let bytes = sealed::seal(&key, &plain, aad.as_bytes(), nonce.try_into().unwrap());
    assert_eq!(sealed::open(&key, &bytes, aad.as_bytes()), Some(plain));
    assert_eq!(sealed::open(&key, &bytes, b"somebody else"), None);
    json!({ "$sealed": { "box": BASE64URL_NOPAD.encode(&bytes), "key": given["key_id"], "of": person } })
}
