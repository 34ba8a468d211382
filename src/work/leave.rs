//! Who may write where, decided from the desk's own rules: what a screen claims counts for nothing here.
//!
//! Asked where a Writer is built and again on the path of each write, so that a rule holds whichever way a write comes.

use crate::domain::guard::{Because, Guard, Guards, Lock, ReasonRule, Unlisted};
use crate::domain::{Fault, Place, Raw, Sentence, User, Why};

use super::desk::Shared;

/// What is asked for is no call of the service.
const OPENING: &str = "opening for writing";

/// Whether a pool may be asked about at all.
pub fn to_read(guards: &Guards, place: &Place) -> Result<(), Fault> {
    if guards.of(&place.pool, None).opens() {
        return Ok(());
    }
    let message = "this pool is not in the configuration, and such pools stay closed here (unlisted-pools)";
    Err(Fault::local("opening the pool", "PoolClosed", message))
}

/// Whether a Writer may be built. The name that was typed is compared with the one that the service gives the pool.
pub async fn to_open(shared: &Shared, place: &Place, typed: Option<&Raw>) -> Result<(), Fault> {
    let guards = shared.guards();
    let guard = guards.of(&place.pool, None);
    not_read_only(OPENING, &guard)?;
    let has_to_be_typed = guard.unlisted == Some(Unlisted::Named);
    if guards.protected_names.is_empty() && !has_to_be_typed {
        // Nothing hangs on the name, and who writes with a user's own token may not be allowed to read it.
        return Ok(());
    }
    let name = match shared.described(place).await {
        Ok(pool) => pool.name.clone(),
        // Where the name cannot be read and protects nothing, the id stands for it.
        Err(_) if guards.protected_names.is_empty() => place.pool.raw().clone(),
        Err(fault) => return Err(fault),
    };
    let is_typed = |typed: &Raw| name.is_typed_as(typed.as_str()) || name.is_typed_as(typed.as_str().trim());
    if has_to_be_typed && !typed.is_some_and(is_typed) {
        let message = "this pool is not in the configuration, and its name was not typed; nothing can be sent";
        return Err(Fault::local(OPENING, "NameNotTyped", message));
    }
    Ok(())
}

/// What holds for a pool that may be written to now: by its own name, where a name decides anything.
pub async fn to_write(shared: &Shared, place: &Place, operation: &'static str) -> Result<Guard, Fault> {
    let guards = shared.guards();
    let name = match guards.protected_names.is_empty() {
        true => None,
        false => Some(shared.described(place).await?.name.clone()),
    };
    let guard = guards.of(&place.pool, name.as_ref());
    not_read_only(operation, &guard)?;
    Ok(guard)
}

fn not_read_only(operation: &'static str, guard: &Guard) -> Result<(), Fault> {
    let Some(because) = guard.read_only else {
        return Ok(());
    };
    let message = match because {
        Because::Flag => "--read-only, or read-only in the configuration, allows no change; nothing was sent",
        Because::Export => "an export is open, which can be read and not changed; nothing was sent",
        Because::Setting => "the configuration opens this pool for reading only; nothing was sent",
        Because::Policy => "the policy of this machine opens this pool for reading only; nothing was sent",
    };
    Err(Fault::local(operation, "ReadOnly", message))
}

/// Whether the reason will do that was given for a write.
pub fn reason_given(operation: &'static str, rule: &ReasonRule, why: &Why) -> Result<(), Fault> {
    rule.check(why.reason.as_ref()).map_err(|asked| {
        let said = Sentence::from("nothing was sent: ").join(asked);
        Fault::local(operation, "ReasonMissing", said.plain())
    })
}

/// Whether a user may be changed, by name and sub. A rule about groups is left to [`user_and_groups`].
pub fn user(guards: &Guards, operation: &'static str, user: &User) -> Result<(), Fault> {
    // As if the user were in no group: those are read later, and only where it matters.
    locked(operation, guards.lock(user, Some(&[])))
}

/// The same with the user's groups, which are read where a rule names one.
pub async fn user_and_groups(
    shared: &Shared,
    place: &Place,
    operation: &'static str,
    user: &User,
) -> Result<(), Fault> {
    let guards = shared.guards();
    if guards.lock(user, None) != Some(Lock::GroupsUnknown) {
        return locked(operation, guards.lock(user, None));
    }
    let reader = shared.reader(place).await?;
    let groups = reader.groups_for_user(&place.pool, &user.username).await?.value;
    locked(operation, guards.lock(user, Some(&groups)))
}

fn locked(operation: &'static str, lock: Option<Lock>) -> Result<(), Fault> {
    match lock {
        None => Ok(()),
        Some(Lock::Listed | Lock::GroupsUnknown) => {
            let message =
                "this user is protected (protected-users): nothing is changed from here, and nothing was sent";
            Err(Fault::local(operation, "UserProtected", message))
        }
    }
}
