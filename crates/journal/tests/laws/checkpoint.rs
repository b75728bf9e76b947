//! Signed notes and checkpoints: C2SP signed-note and tlog-checkpoint.

use proptest::prelude::*;
use yanhe_journal::checkpoint::{CheckpointError, sign, verify};
use yanhe_journal::note::{self, NoteError};
use yanhe_journal::{Checkpoint, NoteSigner, NoteVerifier, hex};

const EXAMPLE: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const SIGNED: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

fn signer() -> NoteSigner {
    NoteSigner::new("yanhe.example/330424", &[7; 32]).unwrap()
}

fn checkpoint(size: u64, root: [u8; 32]) -> Checkpoint {
    Checkpoint { origin: "yanhe.example/330424".into(), size, root, extensions: vec![] }
}

#[test]
fn the_checkpoint_of_the_specification_is_read() {
    let read = Checkpoint::parse(EXAMPLE).unwrap();
    assert_eq!((read.origin.as_str(), read.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(hex(&read.root), "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62");
    assert_eq!(read.text().unwrap(), EXAMPLE);
}

#[test]
fn a_note_signed_elsewhere_verifies_with_its_key() {
    let known = NoteVerifier::parse(KEY).unwrap();
    assert_eq!((known.name(), known.id().as_str(), known.to_string().as_str()), ("example.com/foo", "530d903a", KEY));
    assert_eq!(note::open(SIGNED, std::slice::from_ref(&known)), Ok("This is an example message.\n"));
    assert_eq!(
        note::open(&SIGNED.replace("example message", "exemple message"), &[known]),
        Err(NoteError::Signature("example.com/foo".into()))
    );
    assert_eq!(note::open(SIGNED, &[signer().verifier()]), Err(NoteError::Unknown));
    assert!(NoteVerifier::parse(&KEY.replace("530d903a", "530d903b")).is_err());
}

proptest! {
    #[test]
    fn a_signed_checkpoint_verifies_and_says_the_same(size in any::<u64>(), root in any::<[u8; 32]>(), lines in prop::collection::vec("[a-z ]{1,9}", 0..3)) {
        let said = Checkpoint { extensions: lines, ..checkpoint(size, root) };
        let signed = sign(&said, &signer()).unwrap();
        prop_assert_eq!(verify(&signed, &signer().verifier()), Ok(said));
    }

    #[test]
    fn no_byte_of_a_signed_checkpoint_can_be_changed(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let said = checkpoint(300, [9; 32]);
        let mut bytes = sign(&said, &signer()).unwrap().into_bytes();
        let i = at.index(bytes.len());
        prop_assume!(bytes[i] != to);
        bytes[i] = to;
        if let Ok(changed) = String::from_utf8(bytes) {
            prop_assert!(verify(&changed, &signer().verifier()).is_err());
        }
    }

    #[test]
    fn no_text_is_a_panic_of_who_reads_a_note_or_a_key(text in "(\\PC|\n|\u{2014} ){0,80}", key in "[a-z./]{0,6}(\\+[0-9a-f]{0,9}){0,2}(\\+[A-Za-z0-9+/=]{0,50})?") {
        prop_assert!(note::open(&text, &[signer().verifier()]).is_err());
        let named = ["yanhe.example/330424\n", &text].concat();
        prop_assert!(verify(&named, &signer().verifier()).is_err());
        if let Ok(read) = Checkpoint::parse(&text) {
            prop_assert_eq!(read.text().unwrap(), text);
        }
        if let Ok(read) = NoteVerifier::parse(&key) {
            prop_assert_eq!(read.to_string(), key);
        }
    }
}

#[test]
fn other_signatures_beside_the_logs_own_are_passed_over() {
    let said = checkpoint(1, [1; 32]);
    let own = sign(&said, &signer()).unwrap();
    let witness = note::sign(&said.text().unwrap(), &NoteSigner::new("witness.example", &[8; 32]).unwrap()).unwrap();
    let line = witness.rsplit_once("\n\n").unwrap().1;
    assert_eq!(verify(&format!("{own}{line}"), &signer().verifier()), Ok(said.clone()));
    assert_eq!(verify(&witness, &signer().verifier()), Err(CheckpointError::Note(NoteError::Unknown)));
    // The same name with another key is another, unknown key.
    let twin = NoteSigner::new("yanhe.example/330424", &[9; 32]).unwrap();
    assert_eq!(
        verify(&sign(&said, &twin).unwrap(), &signer().verifier()),
        Err(CheckpointError::Note(NoteError::Unknown))
    );
}

#[test]
fn a_log_speaks_only_for_itself() {
    let other = Checkpoint { origin: "other.example".into(), ..checkpoint(1, [1; 32]) };
    assert_eq!(sign(&other, &signer()), Err(CheckpointError::Origin("other.example".into())));
    let signed = note::sign(&other.text().unwrap(), &signer()).unwrap();
    assert_eq!(verify(&signed, &signer().verifier()), Err(CheckpointError::Origin("other.example".into())));
}

#[test]
fn ill_formed_checkpoints_and_names_are_refused() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    for text in [
        String::new(),
        "a\n1\n".into(),
        format!("a\n01\n{root}\n"),
        format!("a\n+1\n{root}\n"),
        format!("a\n-1\n{root}\n"),
        format!("\n1\n{root}\n"),
        format!("a\n1\n{root}"),
        format!("a\n1\n{root}\n\n"),
        "a\n1\nAAAA\n".into(),
        format!("a\n1\n{root}\n\nx\n"),
        format!("a\r\n1\n{root}\n"),
    ] {
        assert_eq!(Checkpoint::parse(&text), Err(CheckpointError::Text), "{text:?}");
    }
    for name in ["", "a b", "a+b", "a\u{3000}b", "a\n"] {
        assert!(matches!(NoteSigner::new(name, &[1; 32]), Err(NoteError::Name(_))), "{name:?}");
    }
    assert_eq!(note::sign("no line feed", &signer()), Err(NoteError::Text));
    assert_eq!(note::sign("a\tb\n", &signer()), Err(NoteError::Text));
    for broken in ["", "a\n", "a\n\n", "a\n\n\u{2014} x AAAA", "a\n\n\u{2014} x !\n", "a\n\n- x AAAAAAAA\n"] {
        assert_eq!(note::open(broken, &[signer().verifier()]), Err(NoteError::Format), "{broken:?}");
    }
}

#[test]
fn a_secret_key_is_not_shown_when_debugged() {
    let shown = format!("{:?}", signer());
    assert!(shown.contains("yanhe.example") && !shown.contains("7, 7") && !shown.contains("0707"));
}
