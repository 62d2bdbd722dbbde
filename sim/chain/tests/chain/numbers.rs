//! The numbers of the slow epoch: raw bits of I32F32 in `i128`, clamping to the container explicit (chain.md 2).

pub(crate) const ONE: i128 = 1 << 32;

pub(crate) fn clamp(x: i128) -> i128 {
    x.clamp(i128::from(i64::MIN), i128::from(i64::MAX))
}
pub(crate) fn mul(a: i128, b: i128) -> i128 {
    clamp((a * b) >> 32)
}
pub(crate) fn div(a: i128, b: i128) -> i128 {
    if b == 0 { 0 } else { clamp((a << 32) / b) }
}
pub(crate) fn ratio(k: u16) -> i128 {
    (i128::from(k) << 32) / 65_535
}
pub(crate) fn sum(v: impl Iterator<Item = i128>) -> i128 {
    v.fold(0, |a, b| clamp(a + b))
}
pub(crate) fn normalise(v: &[i128]) -> Vec<i128> {
    let total = sum(v.iter().copied());
    v.iter().map(|&x| if total == 0 { x } else { div(x, total) }).collect()
}
pub(crate) fn prop_u16(x: i128) -> u16 {
    u16::try_from((mul(x, 65_535 << 32) >> 32).clamp(0, 65_535)).unwrap()
}
/// `exp_safe` from 365 on; before (11.6) without bounds, 0 as soon as a number does not fit.
pub(crate) fn exp_of(x: i128, runtime: u16) -> i128 {
    let x = if runtime < 365 { x } else { x.clamp(-20 * ONE, 20 * ONE) };
    if x == 0 {
        return ONE;
    }
    if x == ONE {
        return 11_674_931_200;
    }
    let fits = |number: i128| number == clamp(number);
    let y = x.abs();
    let (mut res, mut term) = (ONE + y, y);
    for i in 2..=31 {
        let product = (term * y) >> 32;
        if !fits(product) {
            return 0;
        }
        term = div(product, i << 32);
        res += term;
        if !fits(res) {
            return 0;
        }
    }
    if x < 0 { div(ONE, res) } else { res }
}
/// 11.3: the shares scaled so that the largest is 65535.
pub(crate) fn scores_of(shares: &[i128]) -> Vec<u16> {
    let most = shares.iter().copied().max().unwrap_or(0);
    let score = |&share: &i128| {
        let scaled = div(mul(share, 65_535 << 32), most);
        u16::try_from((scaled + ONE / 2) >> 32).unwrap()
    };
    shares.iter().map(score).collect()
}
/// floor(a * 2^32 / b) bit by bit, for a <= b < 2^127.
pub(crate) fn long_ratio(a: u128, b: u128) -> i128 {
    let (mut rest, mut q) = (a, 0i128);
    for step in 0..=32 {
        q <<= 1;
        if rest >= b {
            rest -= b;
            q |= 1;
        }
        if step < 32 {
            rest <<= 1;
        }
    }
    q
}
