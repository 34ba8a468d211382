//! What a scenario states about a service, against what AWS does and against the table of known divergences: a
//! statement that is in the table must diverge exactly as listed, so that a peer that was mended is noticed, and every
//! other one must hold.

use serde_json::Value;

use super::divergences::{DIVERGENCES, Divergence};
use super::service::{Service, Site};
use crate::peers;

/// One scenario on one service, statement by statement. All of them are heard before the test fails.
pub struct Ledger {
    service: Service,
    scenario: &'static str,
    heard: Vec<&'static str>,
    wrong: Vec<String>,
}

impl Ledger {
    /// A new pool of this service.
    pub fn site(&self, document: &Value) -> Site {
        Site::new(self.service, document)
    }

    /// AWS does `aws`, by its documents; here `found` was seen.
    pub fn states(&mut self, statement: &'static str, aws: impl Into<String>, found: impl Into<String>) {
        let (aws, found) = (aws.into(), found.into());
        assert!(!self.heard.contains(&statement), "{statement}: stated twice");
        self.heard.push(statement);
        let listed = self.listed().find(|row| row.statement == statement);
        let expected = listed.map_or(aws.as_str(), |row| row.instead);
        if found == expected {
            return;
        }
        self.wrong.push(match listed {
            Some(_) if found == aws => {
                format!("{statement}:\n  does what AWS does: take it out of the table of divergences")
            }
            Some(_) => format!("{statement}:\n  listed: {expected}\n  found:  {found}"),
            None => format!("{statement}:\n  AWS:    {expected}\n  found:  {found}"),
        });
    }

    fn listed(&self) -> impl Iterator<Item = &'static Divergence> + use<> {
        let (service, scenario) = (self.service, self.scenario);
        DIVERGENCES
            .iter()
            .filter(move |row| row.service == service && row.scenario == scenario)
    }

    fn close(mut self) {
        let unheard: Vec<&str> = self
            .listed()
            .map(|row| row.statement)
            .filter(|statement| !self.heard.contains(statement))
            .collect();
        self.wrong.extend(
            unheard
                .iter()
                .map(|statement| format!("{statement}:\n  in the table, and never stated")),
        );
        assert!(!self.heard.is_empty(), "a scenario that states nothing");
        assert!(
            self.wrong.is_empty(),
            "{:?}, {}: {} of {} statements\n{}",
            self.service,
            self.scenario,
            self.wrong.len(),
            self.heard.len(),
            self.wrong.join("\n")
        );
    }
}

/// Plays a scenario on a service. Without peers, those of the peers are left out, which is said once.
pub fn play(service: Service, scenario: &'static str, act: fn(&mut Ledger)) {
    let suite = match service {
        Service::Emulator => None,
        Service::Moto => Some("the contract with moto"),
        Service::CognitoLocal => Some("the contract with cognito-local"),
        Service::Ministack => Some("the contract with ministack"),
    };
    if suite.is_some_and(|suite| peers::for_suite(suite).is_none()) {
        return;
    }
    let mut ledger = Ledger {
        service,
        scenario,
        heard: Vec::new(),
        wrong: Vec::new(),
    };
    act(&mut ledger);
    ledger.close();
}

mod tests {
    use super::*;
    use crate::contract::SCENARIOS;

    fn ledger(scenario: &'static str) -> Ledger {
        Ledger {
            service: Service::Moto,
            scenario,
            heard: Vec::new(),
            wrong: Vec::new(),
        }
    }

    #[test]
    fn what_is_not_in_the_table_must_hold() {
        let mut ledger = ledger("reading");
        ledger.states("invented", "this", "that");
        assert_eq!(ledger.wrong, ["invented:\n  AWS:    this\n  found:  that"]);
    }

    #[test]
    fn a_listed_divergence_must_still_be_one() {
        let row = DIVERGENCES.iter().find(|row| row.service == Service::Moto).unwrap();
        let mut as_listed = ledger(row.scenario);
        as_listed.states(row.statement, "what AWS does", row.instead);
        assert!(as_listed.wrong.is_empty());
        let mut mended = ledger(row.scenario);
        mended.states(row.statement, "what AWS does", "what AWS does");
        assert!(
            mended.wrong[0].contains("take it out of the table"),
            "{}",
            mended.wrong[0]
        );
        let mut changed = ledger(row.scenario);
        changed.states(row.statement, "what AWS does", "a third thing");
        assert!(changed.wrong[0].contains("listed:"), "{}", changed.wrong[0]);
    }

    #[test]
    #[should_panic(expected = "in the table, and never stated")]
    fn a_row_that_no_scenario_states_is_noticed() {
        let row = DIVERGENCES.iter().find(|row| row.service == Service::Moto).unwrap();
        let mut ledger = ledger(row.scenario);
        ledger.states("invented", "this", "this");
        ledger.close();
    }

    #[test]
    fn every_row_belongs_to_a_scenario_and_stands_once() {
        for (at, row) in DIVERGENCES.iter().enumerate() {
            assert!(SCENARIOS.contains(&row.scenario), "{} is no scenario", row.scenario);
            let again = DIVERGENCES[at + 1..].iter().any(|other| {
                (other.service, other.scenario, other.statement) == (row.service, row.scenario, row.statement)
            });
            assert!(!again, "{}: {} stands twice", row.scenario, row.statement);
            assert!(
                !row.source.is_empty(),
                "{}: {} has no source",
                row.scenario,
                row.statement
            );
        }
    }
}
