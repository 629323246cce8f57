"""The words by which media say where they have something from, in the languages of our sources."""

import re

from aggregator.comparing.words import form_of

# What stands before an outlet's name; some words that say what it is may stand between.
_LEADS = (
    # English
    r"according to|(?:reported|cited|quoted|published|disclosed|revealed|obtained|seen|told|reviewed) (?:by|to)|"
    r"citing|"
    r"quoting|told|tells|telling|interview (?:with|to|on|in)|reports? (?:by|from|in)|statement to|speaking (?:to|on)|"
    r"(?:spoke|said|appeared) (?:to|on)|"
    # German
    r"laut|zitiert|gegenüber|berichtete|berichtet|meldete|meldet|schreibt|"
    r"nach (?:Angaben|Informationen|Berichten) (?:der|des|von)|"
    r"(?:sagte|sagt|erklärte|bestätigte)(?:\s[^\s,.;]+){0,4} (?:der|dem|gegenüber|im)|"
    r"Berichts? (?:der|des|von|in|im)|(?:Gespräch|Interview) mit|"
    # French
    r"selon|d['’]après|citant|cité(?:e|s|es)? par|rapporté(?:e|s|es)? par|révélé(?:e|s|es)? par|a rapporté|"
    r"publié(?:e|s|es)?(?: \w+)? (?:dans|par)|"
    r"(?:déclaré|confié|indiqué|dit|affirmé|expliqué)(?:\s[^\s,.;]+){0,4} (?:à|au|aux)|entretien (?:à|au|avec)|"
    r"interrogé(?:e|s)? par|"
    # Spanish
    r"según|citando a|citad[oa]s? por|(?:dijo|declaró|explicó|confirmó|aseguró) (?:a|al)|informó|informa|informaron|"
    r"reportó|recogid[oa] por|publicad[oa] por|entrevista (?:con|a)|"
    # Italian, Portuguese
    r"secondo|riporta|riferisce|ha detto (?:a|al|alla)|intervista (?:a|al|alla)|segundo|disse (?:à|ao|a)|"
    r"entrevista (?:à|ao)|"
    # Russian, Ukrainian, Armenian
    r"по (?:данным|сообщению|информации)|сообща(?:ет|ют|л|ла|ло|ли)|сообщил(?:а|о|и)?|пиш(?:ет|ут)|переда[её]т|"
    r"со ссылкой на|ссылаясь на|ссылается на|цитирует|(?:рассказал|заявил|сказал)(?:а|и)?|в интервью|"
    r"за (?:даними|інформацією|повідомленням)|повідомля(?:є|ють)|повідомил[аои]|повідомив|передає|пише|"
    r"з посиланням на|посилаючись на|(?:розповів|розповіла|заявив|заявила)|в інтерв['’ʼ]ю|"
    r"հաղորդում է|տեղեկացնում է|գրում է|փոխանցում է|հայտնում է|ըստ|"
    # Arabic
    r"و?(?:نقلا عن|نقلاً عن|نقلًا عن|وفقا? ل\w*|وفق|وفقًا ل\w*|بحسب|حسب|نقلت|ذكرت|أفادت|أوردت|نشرت|كشفت|قالت|"
    r"قال(?:ت)?(?: \w+){0,3}|"
    r"مقابلة مع|لوكالة|لصحيفة|لقناة|لشبكة)|"
    # Turkish, Polish
    r"powiedział(?:a)?|według|jak (?:podaje|podała|informuje)"
)
_BETWEEN = (
    r"(?:(?:[^\W\dA-Z_][\w'’]*|[A-Z][a-z]*(?:agentur|[zZ]eitung|[sS]ender|[mM]agazin)|[A-Z]\w+['’]s?|U\.?S\.?|"
    r"U\.?K\.?|The|[A-Z]\w+(?:ese|ian|ish|an|i)|"
    r"وكالة|صحيفة|قناة|شبكة|موقع)\s){0,4}"
)
BEFORE = re.compile(
    rf"(?:\b(?i:{_LEADS})\s{_BETWEEN}(?:[A-Za-z]{{1,4}}['’])?[«„“\"'‘]?\s?|(?:据|據|援引|引述|引用|接受|告诉|告訴)[^。，；]{{0,8}})$"
)

# What stands after it.
_FOLLOWS = (
    r"reported|reports?|cited|citing|quoted|quotes|writes|revealed|disclosed|learned|interview|investigation|"
    r"zufolge|"
    r"rapporte|rapportait|rapporté|révèle|révélé|écrit|"
    r"informó|informa|reportó|publicó|reveló|riporta|riferisce|scrive|scriveva|ha scritto|rivela|informou|noticiou|"
    r"сообща(?:ет|ло|ла|л)|сообщил(?:а|о|и)?|пишет|переда[её]т|передал(?:а|о|и)?|цитирует|"
    r"повідомля(?:є|ють)|повідомив|повідомил[аои]|пише|передає|"
    r"հաղորդ(?:ում|ել) է|տեղեկաց(?:նում|րել) է|գր(?:ում|ել) է|փոխանցմամբ|հաղորդմամբ|"
    r"podaje|podała|podawał|haberine göre|bildirdi|aktardı|yazdı"
)
AFTER = re.compile(
    rf"(?:['’]s|['’]|-\w{{1,3}})?\s?[»”“\"]?(?:-\w{{1,3}})?(?:\s[^\W\dA-Z_]\w*){{0,2}}\s(?:{_FOLLOWS})\b"
    r"|\s?[“\"«»]?(?:\s[\w.]+){0,4}\s(?:berichtete?n?|meldete?n?|schrieb|schreibt)\b"  # German: its verb comes last
    r"|[^。，；]{0,8}(?:报道|報道|报导|報導|消息|によると|によれば|の取材に|に(?:明らか|語|述べ|話|対し))"
    r"|[^。，；]{0,2}(?:表示|称|稱)|[^。，；]{0,3}(?:[はが].{0,20}(?:報じ|伝え))"
    r"|[^.]{0,6}(?:에 따르면|보도)"
)

# Before a name: what makes it an outlet's, whatever it is called. A mark of quotation may stand between.
KIND = re.compile(
    r"\b(?:agency|news\s?paper|broadcaster|tabloid|news\s?(?:web)?site|news outlet|magazine|(?:news|"
    r"television) channel|"
    r"state (?:TV|television)|Nachrichtenagentur|Zeitung|Tageszeitung|Fernsehsender|Nachrichtenmagazin|l['’]agence|"
    r"le quotidien|le journal|la chaîne|l['’]hebdomadaire|la agencia|el diario|el periódico|la revista|l['’]agenzia|"
    r"il quotidiano|il giornale|a agência|o jornal|агентств(?:о|а|у|ом)|газет(?:а|ы|е|у)|телеканал(?:а|у)?|"
    r"издани(?:е|я|ю)|портал(?:а|у)?|журнал(?:а|у)?|агенці(?:я|ї|ю)|видання|виданню|"
    r"գործակալություն(?:ը|ն|ից)?|թերթ(?:ը|ն|ի)?)\s[«„“\"']?$",
    re.IGNORECASE,
)
# Its last words as they are compared: without one of them before it, nothing need be looked at closer.
KIND_NOUNS = frozenset(
    form_of(noun)
    for noun in (
        "agency newspaper paper broadcaster tabloid site website newssite outlet magazine channel tv television "
        "nachrichtenagentur zeitung tageszeitung fernsehsender nachrichtenmagazin agence quotidien journal chaîne "
        "hebdomadaire agencia diario periódico revista agenzia quotidiano giornale agência jornal агентство "
        "агентства "
        "агентству агентством газета газеты газете газету телеканал телеканала телеканалу издание издания изданию "
        "портал "
        "портала порталу журнал журнала журналу агенція агенції агенцію видання виданню գործակալություն "
        "գործակալությունը "
        "գործակալությունն գործակալությունից թերթ թերթը թերթն թերթի"
    ).split()
)
