"""What publishers call their sections, in the languages most of our sources write, and which of our categories it is.

In the normal form of feeds.words; a comma parts the names.
"""

from feeds.words import normalise

_NAMES = {
    "world": """
        world, world news, international, international news, global, foreign, abroad, middle east,
        asia, asia pacific, europe, africa, americas, latin america, us and canada, geopolitics,
        international relations, diplomacy, monde, mundo, internacional, internacionales, ausland, welt,
        weltweit, esteri, mondo, buitenland, utrikes, udland, utenriks, ulkomaat, в мире, мир,
        за рубежом, международная панорама, світ, у світі, dunya, swiat, svet, zahranici, mundial,
        internasional, dunia, quoc te, the gioi, العالم, دولي, عربي ودولي, جهان, بین الملل, दुनिया,
        विदेश, বিশ্ব, বিশ্ব সংবাদ, আন্তর্জাতিক, 国际, 國際, 国际新闻, 世界, 環球, 国際, 海外, 국제,
        세계, 해외, διεθνη, κοσμος, בעולם""",
    "politics": """
        politics, political, politics and government, us politics, uk politics, elections, election,
        government, parliament, congress, white house, politique, politica, politik, innenpolitik,
        inland politik, politiek, polityka, politika, политика, політика, внутренняя политика, siyaset,
        سياسة, سیاست, سیاسی, राजनीति, রাজনীতি, 政治, 时政, 時政, 정치, chinh tri, πολιτικη, politiikka,
        politikk""",
    "business": """
        business, economy, economics, economic, finance, financial, markets, money, companies,
        personal finance, stocks, banking, trade, real estate, energy industry, economie, entreprises,
        bourse, argent, economia, empresas, negocios, finanzas, mercados, wirtschaft, finanzen, boerse,
        unternehmen, affari, finanza, bedrijfsleven, ekonomi, naringsliv, okonomi, erhverv, talous,
        экономика, бизнес, финансы, економіка, фінанси, is dunyasi, gospodarka, biznes, ekonomika,
        ekonomia, اقتصاد, أعمال, اقتصادی, कारोबार, व्यापार, बिजनेस, অর্থনীতি, বাণিজ্য, ব্যবসা, 财经,
        財經, 经济, 經濟, 商业, 金融, 経済, ビジネス, 경제, 금융, bisnis, kinh doanh, kinh te,
        οικονομια, כלכלה""",
    "technology": """
        technology, tech, gadgets, internet, computing, software, hardware, cybersecurity,
        artificial intelligence, mobile, smartphones, apps, consumer electronics, startups,
        social media, technologie, technologies, tecnologia, technik, digital, netzwelt, digitales,
        hightech, high tech, numerique, techniek, teknik, teknologi, технологии, техника,
        наука и техника, технології, teknoloji, technologia, technologie a veda, تكنولوجيا, تقنية,
        فناوری, टेक्नोलॉजी, टेक, প্রযুক্তি, বিজ্ঞান ও প্রযুক্তি, 科技, 技术, テクノロジー, it, 기술,
        과학 it, cong nghe, τεχνολογια""",
    "science": """
        science, science news, space, space and astronomy, astronomy, physics, biology, archaeology,
        research, sciences, espace, ciencia, ciencias, ciencia y salud, wissenschaft, wissen, forschung,
        scienza, scienze, wetenschap, vetenskap, videnskab, vitenskap, tiede, наука, космос, bilim,
        nauka, veda, علوم, علم, विज्ञान, বিজ্ঞান, 科学, 科學, サイエンス, 과학, sains, khoa hoc,
        επιστημη""",
    "health": """
        health, healthcare, medicine, wellness, wellbeing, mental health, coronavirus, covid 19,
        pandemic, fitness, nutrition, sante, salud, saude, salute, gesundheit, medizin, gezondheid,
        halsa, sundhed, helse, terveys, здоровье, медицина, здоров'я, saglik, zdrowie, zdravi, صحة,
        سلامت, स्वास्थ्य, হেলথ, স্বাস্থ্য, 健康, 医疗, 醫療, 医療, 건강, kesehatan, suc khoe, υγεια""",
    "sports": """
        sports, sport, football, soccer, cricket, tennis, golf, rugby, basketball, baseball, nfl, nba,
        mlb, nhl, formula 1, f1, olympics, athletics, boxing, cycling, racing, world cup,
        premier league, deportes, deporte, esporte, esportes, desporto, futbol, futebol, fussball,
        calcio, voetbal, fotboll, fotbal, sporten, idrott, urheilu, спорт, футбол, хоккей, spor,
        pilka nozna, رياضة, كرة القدم, ورزش, ورزشی, खेल, क्रिकेट, খেলা, খেলাধুলা, ক্রিকেট, ফুটবল, 体育,
        體育, スポーツ, 스포츠, 축구, olahraga, the thao, αθλητικα, αθλητισμος, ספורט""",
    "entertainment": """
        entertainment, showbiz, celebrity, celebrities, movies, film, films, music, tv, television,
        streaming, gaming, games, video games, hollywood, bollywood, pop culture, comedy, people,
        divertissement, cinema, musique, medias, entretenimiento, espectaculos, famosos, cine, musica,
        gente y tv, entretenimento, famosos e tv, unterhaltung, kino, promis, spettacoli, spettacolo,
        noje, underholdning, viihde, шоу бизнес, кино, музыка, развлечения, magazin, rozrywka, ترفيه,
        فن, فنون, मनोरंजन, বিনোদন, 娱乐, 娛樂, エンタメ, 芸能, 연예, hiburan, giai tri""",
    "culture": """
        culture, arts, art, books, literature, theatre, theater, museums, history, architecture,
        photography, design, dance, heritage, religion, livres, arts et culture, cultura, libros, arte,
        livros, kultur, feuilleton, bucher, literatur, libri, cultuur, boeken, kulttuuri, культура,
        книги, искусство, культура и искусство, kultur sanat, kultura, ksiazki, ثقافة, فرهنگ, فرهنگی,
        संस्कृति, শিল্প সাহিত্য, শিল্প ও সাহিত্য, 文化, 历史, 歷史, 読書, 문화, budaya, van hoa,
        πολιτισμος""",
    "environment": """
        environment, climate, climate change, global warming, climate crisis, nature, wildlife,
        conservation, sustainability, weather, green, environnement, planete, climat, medio ambiente,
        clima, meio ambiente, ambiente, umwelt, klima, natur, klima und umwelt, milieu, miljo, klimat,
        ymparisto, экология, природа, климат, довкілля, cevre, iklim, srodowisko, zivotni prostredi,
        بيئة, مناخ, محیط زیست, पर्यावरण, পরিবেশ, জলবায়ু, 环境, 環境, 气候, 환경, lingkungan,
        moi truong, περιβαλλον""",
    "lifestyle": """
        lifestyle, life, life and style, food, food and drink, recipes, travel, fashion, style,
        home and garden, parenting, family, relationships, motoring, cars, autos, homes, beauty,
        shopping, style de vie, cuisine, voyage, mode, estilo, estilo de vida, gastronomia, viajes,
        moda, vida, viagem, culinaria, leben, reise, essen, stil, auto, viaggi, cucina, reizen, koken,
        resor, mat, livsstil, livsstil og mad, стиль жизни, еда, путешествия, мода, авто, yasam,
        seyahat, styl zycia, podroze, منوعات, سفر, लाइफस्टाइल, জীবনযাপন, লাইফস্টাইল, ভ্রমণ, 生活, 旅游,
        旅遊, 美食, 時尚, 时尚, 暮らし, 생활, 여행, gaya hidup, doi song, du lich, ζωη""",
    "opinion": """
        opinion, opinions, comment, commentary, editorial, editorials, op ed, columns, columnists,
        analysis, letters, viewpoint, perspective, perspectives, voices, views, tribune, idees, debats,
        avis, chroniques, opinion y blogs, editoriales, columnas, opiniao, colunas, colunistas, meinung,
        kommentar, kommentare, debatte, opinioni, commenti, editoriali, opinie, meningen, debatt,
        ledare, mielipide, мнения, мнение, колонки, аналитика, думки, yazarlar, gorus, yorum,
        opinie i komentarze, komentarze, komentare, nazory, رأي, آراء, مقالات, دیدگاه, विचार, राय,
        संपादकीय, মতামত, সম্পাদকীয়, 观点, 评论, 評論, 社论, 社説, オピニオン, 오피니언, 사설, 칼럼,
        opini, goc nhin, αποψεις""",
}  # fmt: skip

CATEGORY_OF_NAME = {normalise(name): slug for slug, names in _NAMES.items() for name in names.split(",")}
