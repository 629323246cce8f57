"""Words that say nothing about an event, in the languages most of our sources write, and in news of any kind.

In the normal form of feeds.words. Rarity finds such words by itself once a few hundred articles were read; this list
keeps the first ones from being grouped by them.
"""

_ENGLISH = """
article articles com www http https news click continue reading subscribe newsletter page website
a about above after again against ago all almost along already also although always am among an and another any
anything are around as at away back be became because become been before behind being below best between both but by
call called came can can't cannot come comes coming could day days did didn't do does doesn't doing don't done down
during each early either else end enough even ever every everyone everything far few find first five for former found
four from full further gave get gets getting give given go goes going got had has have having he he's her here hers
herself him himself his how however i i'm if in inside instead into is isn't it it's its itself just keep know known
last late later latest least left less let like likely live long look made make makes making man many may maybe me
might month months more most much must my myself near need never new news next no nor not nothing now of off often
old on once one only or other others our ours out over own part people per perhaps place put quite rather really
report reported reportedly reports right said same saw say saying says second see seen several she should show since
six small so some something soon still such take taken takes taking ten than that that's the their them themselves
then there these they they're thing things think this those though three through time times to today together told
tomorrow tonight too took toward towards two under until up update updated upon us use used using very via want wants
was wasn't way we we're week weeks well went were what what's when where whether which while who who's whom whose why
will with within without won't world would year years yes yesterday yet you you're young your yours according added
among announced asked expected including set statement told top video watch read photo photos monday tuesday wednesday
thursday friday saturday sunday january february march april june july august september october november december
"""
_FRENCH = """
ai alors apres au aucun aura aussi autre autres aux avaient avait avant avec avoir beaucoup c'est car ce cela celle
celui ces cet cette ceux chez comme comment contre d'un d'une dans de depuis des deux dit doit donc dont du elle elles
en encore entre est et etaient etait ete etre eux fait faire fois font il ils ici je jour jours jusqu l'un la le les
leur leurs lors lui mais mardi mercredi lundi jeudi vendredi samedi dimanche me meme mes moins mois mon ne ni non nos
notre nous on ont ou par pas pendant peu peut plus pour pourquoi pres quand que quel quelle qui qu'il qu'elle sa sans
se selon sera ses si son sont sous sur ta tant te tous tout toute toutes tres trois trop tu un une vers vos votre vous
"""
_SPANISH_PORTUGUESE = """
a ademas al algo ante antes anos ao aos apos aqui as asi ate aun aunque bajo bien cada como con contra cual cuando da
das de del desde despues dia dias dice dijo do donde dos dois duas durante e el ela elas ele eles ella ellas ellos em
en entre era es esa ese eso esta estaba estado estan estar estas este esto estos foi ha hace hacia han hasta hay hoy
isso isto ja la las le les lo los mais mas me menos mesmo mi mientras mismo mucho muito muy na nao nas ni no nos nosso
nuestro o os otra otro otros ou outra outro para parte pela pelo pero poco pode por porque puede que quem quien se sem
segun segundo seja ser sera sido siempre sin sobre solo son sua suas su sus tambem tambien tan tanto te tem tener
tiene tienen toda todas todo todos tras tres tu um uma un una unas uno unos vez ya y
"""
_GERMAN_DUTCH = """
aan ab aber alle allem allen als also am an andere anderen auch auf aus bei beim bereits bin bis bleibt da dabei damit
dann das dass dazu de dem den denn der des die dies diese diesem diesen dieser doch door dort drei du durch een ein
eine einem einen einer eines er es etwa euch for fur gegen geht gibt haben hat hatte hatten heeft het heute hier hij
hinter ich ihm ihn ihr ihre ihrem ihren ihrer im immer in ins ist ja jahr jahre jahren jede jedoch jetzt kann kein
keine konnen laut man mehr meer met mit muss nach naar neue neuen nicht niet noch nog nun nur ob oder ohne om onder
ook op over prozent sagt sagte sehr sei sein seine seinem seinen seiner seit sich sie sind so soll sollen sowie te tot
tussen uber uhr uit um und uns unter van vom von voor vor war waren was wegen weil weiter wenn werd werde werden wie
wieder wil will wir wird worden wurde wurden zijn zu zum zur zwei zwischen
"""
_ITALIAN = """
ad agli ai al alla alle anche ancora anni avere aveva c'e che chi ci come con contro cosa cosi cui da dagli dai dal
dalla dalle dei degli del della delle dell dello di dice dopo dove due e ecco ed era essere fa fatto fino fra gli ha
hanno ho il in io la le lei lo loro lui ma mentre mi mila molto ne nei nel nella nelle nell noi non nostro o oggi ogni
ora per perche piu poi prima pro puo qual quale quando quanto quella quello questa questo qui se sempre senza sia si
solo sono sta stata stato su sua sue sugli sui sul sulla suo suoi tra tre tutti tutto un una uno verso via
"""
_RUSSIAN_UKRAINIAN = """
а але без бил благодаря бо более больше будет будут бул була були было был была были быть в вам вас ведь весь вже
від він во вона вони вот все всех вы где года году год да даже два для до его ее если есть еще же за з заявил зі и из
или им их і й його її їх как когда коли которая которые который кто лет ли лише між меня мне может можно мы на над
надо нам нас не него нее нет ни них но ну о об однак однако он она они оно от очень по под під після после потом при
про раз с сам сегодня со сообщил та так также такой там твой те тем то того тоже только том тот ты тут у уже
хотя це цей чего чем через что чтобы що щоб эта эти это этого этой этом этот я який яка які як
"""
_TURKISH = """
ama ancak bazi bir biz bu cok da daha de degil diye en gibi gore hem her icin ile ilgili ise iste kadar ki mi mu nasil
ne oldu olan olarak oldugu olduğu olmak sonra ve veya ya yeni yer
"""
_POLISH_CZECH = """
aby ale bez bo byc byl byla bylo by co czy dla do gdy go i ich jak jako je jego jej jest jeszcze juz kiedy ktora ktore
ktory ma moze na nad nie niz o od oraz po pod podle pro proti przed przez przy roku sa sie ta tak tej ten tez to tym u
w we wie z za ze zostal
"""
_NORDIC = """
att av blev bli blir da de den der det dig din du efter ei eller en ett etter fick fikk for fra fran han har hun hon
i ikke inte jag jeg kan kommer med men mot na nar nu och og om opp oss pa sa seg sig sin ska skal som til till upp ut
var ved vi vid vil vill
"""
_ARABIC_PERSIAN = """
في من على الى عن مع هذا هذه ذلك التي الذي كان كانت قد لم لن لا ما هو هي ان او ثم بعد قبل بين حتى كل خلال قال وقال
وفي ومن به که از به با در را این ان است بود شد می برای تا هم یا شده کرد های خود
"""
_HINDI_BENGALI = """
का की के को में से है हैं और पर ने यह वह इस उस भी कि एक तो ही था थे थी लिए कर नहीं ও এর এবং করে থেকে এই হয় না এক
জন্য তার করা হয়েছে একটি সঙ্গে
"""

STOP_WORDS = frozenset(
    " ".join(
        (
            _ENGLISH, _FRENCH, _SPANISH_PORTUGUESE, _GERMAN_DUTCH, _ITALIAN, _RUSSIAN_UKRAINIAN, _TURKISH,
            _POLISH_CZECH, _NORDIC, _ARABIC_PERSIAN, _HINDI_BENGALI,
        )
    ).split()
)  # fmt: skip

# Words of the trade: they narrow an event down, and yet stand in one article of twenty.
_COMMON = """
government president minister prime police country state states court election vote party leader official
officials attack war military force forces security law case plan deal talks group company business market price
economy economic economist industry bank money percent million billion trillion death dead die died dies killed
kill woman women child children man men family school student university health hospital medical doctor fire
city national international global public political politics policy former chief head member members home house
team game win wins won match player season final cup league club fan fans show star film music movie
power energy oil gas trade tariff tariffs tax rate rates growth climate change water food crisis rights help work
worker workers job jobs service services system data technology online social media site study research scientist
expert experts report review analysis opinion interview live update latest big high low record start end support
call campaign opposition parliament senate congress republican democrat democratic conservative labour candidate
charge charged arrest arrested trial judge murder crime victim suspect investigation sentence prison lawsuit
north south east west eastern western central northern southern region capital border island
us u.s usa uk eu un america american americans britain british england english france french germany german europe
european russia russian ukraine ukrainian china chinese india indian japan japanese korea korean iran iranian
israel israeli palestinian gaza turkey turkish italy italian spain spanish canada canadian australia australian
brazil mexico africa african asia asian arab muslim christian washington london paris berlin moscow beijing
brussels trump biden obama putin white kremlin nato
"""

COMMON_WORDS = frozenset(_COMMON.split())
