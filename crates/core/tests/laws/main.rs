//! Laws that hold for every stream, told as stories and as properties.

mod acts;
mod administrative;
mod asked;
mod branches;
mod by_hand;
mod civil;
mod corrected;
mod decisions;
mod desk;
mod entered;
mod letters;
mod limits;
mod marks;
mod notices;
mod offers;
mod papers;
mod people;
mod play;
mod privacy;
mod reasons;
mod replay;
mod roster;
mod several;
mod walk;
mod words;
mod world;
