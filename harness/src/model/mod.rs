//! The image model: a class-conditional flow-matching diffusion transformer on images of one channel.
//!
//! An image starts as noise and follows a velocity from `t = 0` to `t = 1`; the velocity is a transformer's answer to
//! the patches of the image, the time and the class. `harness/model` has the checkpoint on 8 x 8 digits, its training
//! script and its test vectors; other sizes get seeded weights, for studies of speed.

pub(crate) mod noise;
pub(crate) mod schedule;
pub(crate) mod shape;
pub(crate) mod tensors;
pub(crate) mod weights;
