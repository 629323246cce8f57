"""The verbs by which texts say that somebody said something, in the languages of our sources."""

_BY_LANGUAGE = {
    "en": (
        "said says say told tells tell added adds wrote writes asked asks warned warns argued argues insisted "
        "stated announced called calls tweeted posted replied declared according put_it repeated described "
        "recalled complained admitted spoke_of speaks_of claimed claims noted notes explained explains "
        "acknowledged concluded"
    ),
    "de": (
        "sagte sagt erklärte erklärt schrieb schreibt betonte betont warnte warnt meinte meint laut twitterte "
        "forderte fordert kritisierte kritisiert berichtete berichtet fragte fragt mahnte mahnt bekräftigte "
        "antwortete erzählt erzählte kündigte_an teilte_mit sprach_von räumte_ein"
    ),
    "fr": (
        "dit déclaré déclare affirme affirmé ajoute ajouté estime estimé selon raconte raconté indique indiqué "
        "souligne souligné explique expliqué précise précisé confie confié lance lancé assure assuré rappelle "
        "rappelé dénonce dénoncé déplore déploré juge jugé regrette regretté insiste insisté martelé réagi "
        "annonce annoncé écrit répondu"
    ),
    "es": (
        "dijo dice dicho afirmó afirma afirmado declaró declarado aseguró asegura asegurado según añadió añade "
        "señaló señala señalado indicó indica explicó explica explicado sostuvo sostiene denunció denuncia "
        "manifestó subrayó subraya comentó comenta apuntó advirtió advierte insistió insiste reconoció recalcó "
        "expresó respondió escribió criticó"
    ),
    "it": (
        "detto dice dichiarato dichiara afferma affermato secondo disse spiega spiegato aggiunge aggiunto "
        "sottolinea sottolineato commenta commentato scrive scritto racconta replica ribadisce ribadito"
    ),
    "pt": (
        "disse diz afirmou afirma segundo declarou explicou explica acrescentou escreveu ressaltou destacou "
        "contou criticou defendeu avaliou"
    ),
    "nl": "zei zegt aldus verklaarde schreef vertelt vertelde benadrukte waarschuwde",
    "pl": (
        "powiedział powiedziała mówi mówił mówiła stwierdził stwierdziła dodał dodała ocenił oceniła podkreślił "
        "podkreśliła napisał napisała zaznaczył zaznaczyła oświadczył oświadczyła przekazał przekazała tłumaczy "
        "wyjaśnił wyjaśniła"
    ),
    "cs": (
        "řekl řekla uvedl uvedla dodal dodala říká prohlásil prohlásila míní vysvětlil vysvětlila podotkl sdělil napsal"
    ),
    "tr": "dedi söyledi belirtti ifade_etti açıkladı vurguladı ekledi konuştu",
    "ru": (
        "сказал сказала говорит говорил говорила заявил заявила заявляет сообщил сообщила отметил отметила "
        "отмечает добавил добавила подчеркнул подчеркнула рассказал рассказала рассказывает написал написала "
        "пишет пояснил пояснила поясняет объяснил объяснила признал признала подтвердил подтвердила считает "
        "утверждает предупредил предупредила ответил ответила призвал призвала цитирует"
    ),
    "uk": (
        "сказав сказала каже заявив заявила повідомив повідомила зазначив зазначила наголосив наголосила додав "
        "додала розповів розповіла пояснив пояснила підкреслив підкреслила написав написала вважає попередив "
        "попередила відповів відповіла закликав закликала"
    ),
    "hy": (
        "ասաց ասել_է ասում_է նշեց նշել_է նշում_է հայտարարեց հայտարարել_է հավելեց հավելել_է ընդգծեց ընդգծել_է "
        "գրել_է գրում_է շեշտեց շեշտել_է պատասխանեց պատմեց պատմել_է"
    ),
}
# In a pattern, any of them.
SAID = "(?:" + "|".join(
    verb.replace("_", " ") for verb in dict.fromkeys(" ".join(_BY_LANGUAGE.values()).split())
) + ")"  # fmt: skip
