//! The Merkle tree: RFC 6962 and its tiles.

use std::collections::BTreeMap;

use proptest::prelude::*;
use yanhe_journal::merkle::{
    MerkleError, Tile, TileId, Tree, consistency_proof, empty_root, inclusion_proof, leaf_hash, root_at, root_of,
    verify_consistency, verify_inclusion,
};
use yanhe_journal::{Hash, hex, unhex};

pub fn leaves(n: usize) -> Vec<Hash> {
    (0..n).map(|i| leaf_hash(i.to_string().as_bytes())).collect()
}

/// Tiles as a log stores them.
#[derive(Default)]
pub struct Stored(pub BTreeMap<String, Vec<u8>>);

impl Stored {
    pub fn put(&mut self, tiles: Vec<Tile>) {
        for tile in tiles {
            self.0.insert(tile.id.path(), tile.bytes);
        }
    }

    pub fn get(&self, id: TileId) -> Option<Vec<u8>> {
        self.0.get(&id.path()).cloned()
    }
}

#[test]
fn known_roots_of_rfc_6962_trees() {
    assert_eq!(hex(&empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(hex(&leaf_hash(b"")), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    // The inputs and roots that implementations of Certificate Transparency test with.
    let inputs: [&[u8]; 8] =
        [b"", b"\0", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43", b"PQRSTUVW", b"`abcdefghijklmno"];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut tree = Tree::new();
    for (input, root) in inputs.into_iter().zip(roots) {
        tree.append(&[leaf_hash(input)]);
        assert_eq!(tree.root(), unhex(root).unwrap());
    }
}

#[test]
fn the_root_is_that_of_the_definition_at_every_size_and_from_tiles_alone() {
    let all = leaves(600);
    let (mut tree, mut stored) = (Tree::new(), Stored::default());
    assert_eq!(tree.root(), root_of(&[]));
    for n in 1..=all.len() {
        stored.put(tree.append(&all[n - 1..n]));
        let root = root_of(&all[..n]);
        assert_eq!((tree.size(), tree.root()), (n as u64, root));
        assert_eq!(root_at(n as u64, |id| stored.get(id)), Ok(root));
        assert_eq!(Tree::load(n as u64, |id| stored.get(id)).unwrap().root(), root);
    }
}

#[test]
fn inclusion_is_proved_for_every_leaf_of_every_size_up_to_300() {
    let all = leaves(300);
    let (mut tree, mut stored) = (Tree::new(), Stored::default());
    for n in 1..=all.len() {
        stored.put(tree.append(&all[n - 1..n]));
        let (size, root) = (n as u64, tree.root());
        for (i, leaf) in all[..n].iter().enumerate() {
            let mut proof = inclusion_proof(i as u64, size, |id| stored.get(id)).unwrap();
            assert_eq!(verify_inclusion(leaf, i as u64, size, &proof, &root), Ok(()));
            if i % 17 == n % 17 {
                let index = i as u64;
                assert!(verify_inclusion(&all[(i + 1) % 300], index, size, &proof, &root).is_err());
                assert!(verify_inclusion(leaf, index + 1, size, &proof, &root).is_err());
                assert!(verify_inclusion(leaf, index, size, &proof, &leaf_hash(b"other")).is_err());
                proof.push(root);
                assert!(verify_inclusion(leaf, index, size, &proof, &root).is_err());
                proof.pop();
                if let Some(part) = proof.last_mut() {
                    part[3] ^= 4;
                    assert!(verify_inclusion(leaf, index, size, &proof, &root).is_err());
                    proof.pop();
                    assert!(verify_inclusion(leaf, index, size, &proof, &root).is_err());
                }
            }
        }
        assert!(inclusion_proof(size, size, |id| stored.get(id)).is_err());
    }
}

#[test]
fn consistency_is_proved_between_all_sizes_up_to_300() {
    let all = leaves(300);
    let (mut tree, mut stored) = (Tree::new(), Stored::default());
    let mut roots = vec![tree.root()];
    for n in 1..=all.len() {
        stored.put(tree.append(&all[n - 1..n]));
        roots.push(tree.root());
        let (size, root) = (n as u64, tree.root());
        for (old, old_root) in roots.iter().enumerate() {
            let was = old as u64;
            let mut proof = consistency_proof(was, size, |id| stored.get(id)).unwrap();
            assert_eq!(verify_consistency(was, old_root, size, &root, &proof), Ok(()));
            if old % 17 == n % 17 {
                assert!(verify_consistency(was, &leaf_hash(b"other"), size, &root, &proof).is_err());
                assert!(verify_consistency(was + 1, old_root, size, &root, &proof).is_err());
                if old > 0 {
                    assert!(verify_consistency(was, old_root, size, &leaf_hash(b"other"), &proof).is_err());
                }
                proof.push(root);
                assert!(verify_consistency(was, old_root, size, &root, &proof).is_err());
                proof.pop();
                if let Some(part) = proof.last_mut() {
                    part[3] ^= 4;
                    assert!(verify_consistency(was, old_root, size, &root, &proof).is_err());
                    proof.pop();
                    assert!(verify_consistency(was, old_root, size, &root, &proof).is_err());
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn leaves_in_batches_give_the_same_tree_and_tiles_as_one_by_one(
        batches in prop::collection::vec(1_usize..400, 1..6),
    ) {
        let all = leaves(batches.iter().sum());
        let (mut tree, mut stored) = (Tree::new(), Stored::default());
        let mut start = 0;
        for batch in batches {
            stored.put(tree.append(&all[start..start + batch]));
            start += batch;
            prop_assert_eq!(tree.root(), root_of(&all[..start]));
            // A writer that starts again reads the tree back from the tiles of the last size.
            tree = Tree::load(start as u64, |id| stored.get(id)).unwrap();
        }
        let mut one = Tree::new();
        let mut singly = Stored::default();
        for leaf in &all {
            singly.put(one.append(&[*leaf]));
        }
        prop_assert_eq!(&one, &tree);
        for (path, bytes) in &stored.0 {
            prop_assert_eq!(singly.0.get(path), Some(bytes), "{}", path);
        }
    }
}

#[test]
fn a_tree_of_70000_leaves_has_the_tiles_of_the_specification() {
    let all = leaves(70_000);
    let mut tree = Tree::new();
    let tiles = tree.append(&all);
    let count = |level: u8, width: u16| tiles.iter().filter(|t| t.id.level == level && t.id.width == width).count();
    assert_eq!((count(0, 256), count(0, 112), count(1, 256), count(1, 17), count(2, 1)), (273, 1, 1, 1, 1));
    assert_eq!(tiles.len(), 277);
    assert!(tiles.iter().all(|tile| tile.bytes.len() == usize::from(tile.id.width) * 32));
    assert_eq!(tree.root(), root_of(&all));
    let mut stored = Stored::default();
    stored.put(tiles);
    for i in [0, 255, 256, 65_535, 65_536, 69_999] {
        let proof = inclusion_proof(i, 70_000, |id| stored.get(id)).unwrap();
        assert_eq!(verify_inclusion(&all[i as usize], i, 70_000, &proof, &tree.root()), Ok(()));
    }
    let proof = consistency_proof(256, 70_000, |id| stored.get(id)).unwrap();
    assert_eq!(verify_consistency(256, &root_of(&all[..256]), 70_000, &tree.root(), &proof), Ok(()));
}

#[test]
fn tile_paths_are_those_of_the_specification() {
    let path = |level, index, width| TileId { level, index, width }.path();
    assert_eq!(path(0, 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(path(1, 0, 17), "tile/1/000.p/17");
    assert_eq!(path(2, 1000, 256), "tile/2/x001/000");
    for id in [(0, 0, 1), (0, 999, 256), (3, 1_234_067, 255), (7, u64::MAX / 256, 3)] {
        let id = TileId { level: id.0, index: id.1, width: id.2 };
        assert_eq!(TileId::parse(&id.path()), Some(id));
    }
    for wrong in [
        "tile/00/000",
        "tile/0/0",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/x000/001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/64/000",
        "tile/0/",
        "tile/entries/000",
        "tile/0/+01",
    ] {
        assert_eq!(TileId::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn a_missing_or_cut_tile_is_an_error_and_a_wider_one_will_do() {
    let mut tree = Tree::new();
    let mut stored = Stored::default();
    stored.put(tree.append(&leaves(5)));
    let id = TileId { level: 0, index: 0, width: 5 };
    assert_eq!(Tree::load(5, |_| None), Err(MerkleError::Missing(id)));
    assert_eq!(Tree::load(5, |_| Some(vec![0; 100])), Err(MerkleError::Length(id, 100)));
    assert_eq!(root_at(3, |_| stored.get(id)), Ok(root_of(&leaves(3))));
}
