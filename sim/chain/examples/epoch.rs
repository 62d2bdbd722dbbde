//! An exact epoch: three validators vote on three miners, the smallest of them for its friend alone, and the chain pays.
//!
//! `cargo run -p assay-chain --example epoch`

use assay_chain::Genesis;
use assay_chain::Hyper;
use assay_chain::Settlement;
use assay_chain::Submission;
use assay_chain::Subnet;
use std::error::Error;
use std::io;
use std::io::Write;

/// Stake of the validators, uids 0 to 2 \[rao\].
const STAKES: [u64; 3] = [6_000_000_000_000, 3_000_000_000_000, 1_000_000_000_000];
/// Their votes for the miners, uids 3 to 5, on any scale.
const VOTES: [[u16; 3]; 3] = [[50, 30, 20], [45, 35, 20], [0, 0, 100]];

fn main() -> Result<(), Box<dyn Error>> {
    let mut subnet = subnet();
    // Stake alone brings a permit to vote, and the first epoch grants it.
    run_next_epoch(&mut subnet);
    for (hotkey, votes) in (0..).zip(&VOTES) {
        subnet.set_weights(&Submission {
            hotkey,
            netuid: 11,
            mechanism: 0,
            version_key: 0,
            uids: &[3, 4, 5],
            values: votes,
        })?;
    }
    let settled = run_next_epoch(&mut subnet);
    let mut out = io::stdout().lock();
    print_uids(&mut out, &subnet)?;
    print_settlement(&mut out, &settled)?;
    Ok(())
}

/// Six neurons, seated in block 0; weights count at once instead of being committed first.
fn subnet() -> Subnet {
    let hyper = Hyper { commit_reveal: false, ..Hyper::default() };
    let mut subnet = Subnet::new(Genesis { netuid: 11, hyper, ..Genesis::default() });
    for hotkey in 0..6 {
        subnet.seat(hotkey);
    }
    for (uid, &stake) in (0..).zip(&STAKES) {
        subnet.set_stake(uid, stake);
    }
    subnet
}

/// Lets blocks pass until the next epoch, and runs it.
fn run_next_epoch(subnet: &mut Subnet) -> Settlement {
    let due = subnet.next_due().expect("the tempo is not 0");
    subnet.advance_to(due);
    subnet.run_epoch().expect("an epoch is due in this block")
}

/// What each uid was paid.
fn print_uids(out: &mut impl Write, subnet: &Subnet) -> io::Result<()> {
    let paid = subnet.payouts();
    writeln!(out, "uid          stake   as a miner   as a validator   to its nominators  [rao]")?;
    for (uid, stake) in subnet.stake().iter().enumerate() {
        let (miner, kept) = (paid.incentive[uid], paid.validator_take[uid]);
        let passed = paid.nominators[uid];
        writeln!(out, "{uid:3}  {stake:13}  {miner:11}   {kept:14}   {passed:17}")?;
    }
    Ok(())
}

/// Where the alpha of the tempo went. It adds up exactly.
fn print_settlement(out: &mut impl Write, settled: &Settlement) -> io::Result<()> {
    let &Settlement { owner, miners, validators, burned, recycled, remainder, .. } = settled;
    writeln!(out, "\nblock {}, epoch {}", settled.block, settled.epoch_index)?;
    writeln!(out, "minted      {:12} rao", settled.minted)?;
    writeln!(out, "owner       {owner:12} rao")?;
    writeln!(out, "miners      {miners:12} rao")?;
    writeln!(out, "validators  {validators:12} rao")?;
    writeln!(out, "remainder   {remainder:12} rao, lost to rounding")?;
    let paid: u64 = [owner, miners, validators, burned, recycled].iter().sum();
    assert_eq!(settled.minted.checked_add_signed(-remainder), Some(paid), "no rao is missing");
    Ok(())
}
