//! The names of the invented people. Both lists are sorted: the crowd finds a name's place by binary search.

/// Given names in ASCII small letters.
pub(crate) const FIRST: [&str; 100] = [
    "ada", "adam", "aisha", "alan", "alba", "alice", "amara", "amir", "ana", "andre", "anna", "anton", "arjun",
    "astrid", "ben", "bianca", "boris", "bruno", "carla", "carlos", "chen", "chloe", "clara", "dana", "daniel",
    "david", "diego", "dora", "elena", "elif", "elsa", "emil", "emma", "erik", "esra", "eva", "fatima", "felix",
    "finn", "frida", "gita", "greta", "hana", "hassan", "heidi", "hugo", "ida", "ines", "ivan", "jack", "jana",
    "jonas", "julia", "kai", "karim", "kenji", "kofi", "lars", "laura", "leila", "leon", "lina", "luca", "lucy",
    "malik", "mara", "maria", "mateo", "maya", "mei", "milan", "mina", "nadia", "naomi", "nina", "noah", "nora",
    "olga", "omar", "oscar", "paula", "pedro", "petra", "priya", "rahul", "rosa", "samir", "sara", "selma", "sofia",
    "tariq", "tess", "theo", "tomas", "uma", "vera", "victor", "yara", "yuki", "zoe",
];

/// Family names in ASCII small letters.
pub(crate) const LAST: [&str; 120] = [
    "abbott", "adeyemi", "ahmed", "alvarez", "andersen", "arias", "bauer", "becker", "bell", "berg", "bianchi",
    "blake", "bosch", "brandt", "brown", "byrne", "carter", "castro", "chandra", "chen", "cohen", "costa", "cruz",
    "dahl", "das", "davies", "demir", "diaz", "dubois", "dunn", "eriksen", "evans", "farah", "ferrari", "fischer",
    "flores", "foster", "fox", "franco", "garcia", "georgiou", "gomez", "grant", "gruber", "gupta", "haas", "hall",
    "hansen", "hassan", "hayashi", "hill", "hoffmann", "horvat", "hughes", "hussein", "ibrahim", "ito", "ivanov",
    "jansen", "jensen", "jones", "kaya", "keller", "khan", "kim", "klein", "kovacs", "kumar", "lang", "larsen", "lee",
    "lopez", "lund", "marino", "martin", "mehta", "mendez", "meyer", "moreau", "mori", "moss", "muller", "murphy",
    "nakamura", "nguyen", "nilsson", "novak", "okafor", "olsen", "ortiz", "osei", "park", "patel", "perez", "petrov",
    "popescu", "ramos", "reed", "reyes", "ricci", "rossi", "ruiz", "sato", "schmidt", "shah", "silva", "singh",
    "smith", "sousa", "tanaka", "torres", "tran", "vargas", "wagner", "walsh", "weber", "wolf", "wong", "yilmaz",
    "zhang",
];
