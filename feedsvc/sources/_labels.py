"""Headings of lists, bylines and page furniture, in many languages.

Room: sources, private. Data and the folding both sides of a comparison go through.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

# One line a language. A label of two words or more is known in longer forms too, where a
# linking word leads on: "most read in Europe", "more from Kyiv".
LINKING = """
in on of for from this today now about von aus im zum über der dans sur de du cette en del della in di do da
na no w z o van over uit v ze из в на о за у з про
"""
LABELS = """
en: most popular; most read; most viewed; most shared; most commented; most watched; trending; trending now; popular; popular now; popular stories; popular posts; popular articles; top stories; top news; top reads; latest; latest news; latest stories; latest articles; latest headlines; latest posts; recent; recent news; recent posts; recent articles; breaking news; headlines; news; in brief; news in brief; related; related stories; related articles; related news; related content; related topics; recommended; recommended for you; recommended reading; you may also like; you might also like; more stories; more news; more on this story; more from; more on; read next; up next; see also; also read; further reading; editors' picks; editor's pick; editors' choice; staff picks; our picks; must read; must reads; don't miss; in case you missed it; featured; featured stories; in focus; in depth; opinion; opinions; editorial; editorials; commentary; analysis; columns; columnists; blogs; letters; interviews; features; world; world news; national; local; local news; politics; business; economy; finance; markets; money; sport; sports; culture; arts; entertainment; lifestyle; life; style; health; science; technology; tech; environment; climate; travel; education; society; weather; video; videos; photos; podcasts; events; press releases; announcements
uk: найпопулярніше; популярне; популярні новини; популярні статті; найбільше читають; найчитаніше; останні новини; головні новини; головне; новини; топ новини; топ-новини; стрічка новин; актуальне; вибір редакції; вибір редактора; рекомендуємо; рекомендовані; читайте також; схожі новини; схожі матеріали; пов'язані новини; за темою; думки; думка; колонки; погляди; аналітика; інтерв'ю; політика; економіка; світ; суспільство; культура; спорт; наука; технології; відео; війна; події; блоги
ru: самое популярное; самое читаемое; популярное; популярные статьи; популярные новости; последние новости; главные новости; главное; новости; лента новостей; актуальное; сейчас читают; выбор редакции; выбор редактора; рекомендуем; рекомендуемое; читайте также; похожие новости; похожие статьи; похожие материалы; по теме; материалы по теме; другие новости; в тренде; тренды; мнения; мнение; колонки; аналитика; интервью; политика; экономика; в мире; мир; общество; культура; спорт; наука; технологии; видео; происшествия; блоги
de: meistgelesen; meistgelesene artikel; am meisten gelesen; meist gelesen; meist kommentiert; beliebt; beliebteste artikel; beliebte artikel; top-themen; topthemen; im trend; trends; neueste artikel; neueste nachrichten; aktuelle nachrichten; aktuell; aktuelles; neueste; schlagzeilen; nachrichten; weitere nachrichten; weitere artikel; mehr zum thema; verwandte artikel; verwandte themen; ähnliche artikel; lesen sie auch; auch interessant; das könnte sie auch interessieren; empfohlen; empfehlungen; empfehlungen der redaktion; tipps der redaktion; auswahl der redaktion; redaktionsempfehlungen; meinung; meinungen; kommentar; kommentare; kolumnen; analyse; analysen; interviews; politik; wirtschaft; welt; ausland; inland; panorama; gesellschaft; kultur; sport; wissen; wissenschaft; technik; digital; gesundheit; reise; videos; termine
fr: les plus lus; les articles les plus lus; le plus lu; les plus populaires; populaires; articles populaires; tendances; à la une; dernières nouvelles; dernières actualités; derniers articles; dernières infos; les dernières infos; actualités; actualité; en bref; articles liés; articles connexes; sur le même sujet; à lire aussi; lire aussi; à lire; recommandé; recommandés; recommandé pour vous; le choix de la rédaction; les choix de la rédaction; choix de la rédaction; la sélection de la rédaction; sélection de la rédaction; coups de cœur; opinion; opinions; tribune; tribunes; débats; éditorial; éditos; chroniques; analyses; entretiens; politique; économie; monde; international; société; culture; sport; sports; sciences; santé; technologies; planète; vidéos; agenda
es: lo más leído; más leídas; las más leídas; más leídos; lo más visto; lo más popular; más popular; más populares; populares; tendencias; últimas noticias; lo último; última hora; noticias; titulares; destacados; destacadas; noticias relacionadas; artículos relacionados; relacionados; relacionadas; te puede interesar; le puede interesar; también te puede interesar; lea también; lee también; recomendados; recomendadas; recomendado para ti; selección del editor; selección de los editores; la selección del editor; elección del editor; opinión; opiniones; editorial; columnas; análisis; entrevistas; política; economía; mundo; internacional; sociedad; cultura; deportes; ciencia; salud; tecnología; vídeos; videos; agenda
it: i più letti; più letti; le più lette; più lette; i più popolari; più popolari; popolari; di tendenza; tendenze; ultime notizie; ultima ora; ultime; notizie; in evidenza; in primo piano; primo piano; articoli correlati; notizie correlate; correlati; leggi anche; potrebbe interessarti; ti potrebbe interessare; consigliati; consigliati per te; scelti dalla redazione; scelti per voi; le scelte della redazione; la scelta della redazione; opinioni; commenti; editoriali; analisi; interviste; politica; economia; mondo; esteri; società; cultura; sport; scienza; salute; tecnologia; video; cronaca
pt: mais lidas; as mais lidas; mais lidos; mais populares; mais vistas; populares; em alta; tendências; últimas notícias; últimas; notícias; manchetes; destaques; notícias relacionadas; artigos relacionados; relacionadas; relacionados; leia também; veja também; recomendados; recomendadas; recomendado para você; escolhas do editor; escolha do editor; escolhas da redação; opinião; opiniões; editorial; colunas; análise; entrevistas; política; economia; mundo; internacional; sociedade; cultura; esporte; esportes; desporto; ciência; saúde; tecnologia; vídeos
pl: najpopularniejsze; najczęściej czytane; najchętniej czytane; popularne; popularne artykuły; na czasie; najnowsze; najnowsze wiadomości; najnowsze artykuły; ostatnie wiadomości; wiadomości; aktualności; powiązane; powiązane artykuły; podobne artykuły; zobacz także; zobacz też; czytaj także; czytaj też; przeczytaj także; polecane; polecamy; wybór redakcji; wybór redaktora; redakcja poleca; opinie; komentarze; felietony; analizy; wywiady; polityka; gospodarka; świat; kraj; społeczeństwo; kultura; sport; nauka; technologie; zdrowie; wideo
nl: meest gelezen; meest bekeken; best gelezen; populair; populaire artikelen; trending; laatste nieuws; het laatste nieuws; laatste; nieuws; net binnen; gerelateerd; gerelateerde artikelen; lees ook; lees verder; lees meer over; aanbevolen; aanbevolen voor jou; aanraders; keuze van de redactie; redactiekeuze; tips van de redactie; opinie; meningen; columns; analyse; interviews; politiek; economie; buitenland; binnenland; wereld; cultuur; sport; wetenschap; gezondheid; tech; video's
cs: nejčtenější; nejčtenější články; nejoblíbenější; populární; trendy; nejnovější; nejnovější zprávy; poslední zprávy; aktuality; aktuálně; zprávy; související; související články; podobné články; čtěte také; přečtěte si také; mohlo by vás zajímat; doporučujeme; doporučené; doporučené články; výběr redakce; výběr editora; názory; komentáře; analýzy; rozhovory; politika; ekonomika; svět; zahraničí; domácí; společnost; kultura; sport; věda; technologie; zdraví; video
el: δημοφιλή; δημοφιλέστερα; πιο δημοφιλή; τα πιο δημοφιλή; πιο διαβασμένα; τα πιο διαβασμένα; τάσεις; τελευταία νέα; τελευταίες ειδήσεις; ειδήσεις; ροή ειδήσεων; επικαιρότητα; σχετικά; σχετικά άρθρα; σχετικές ειδήσεις; διαβάστε επίσης; διαβάστε ακόμα; προτεινόμενα; επιλογές συντακτών; επιλογές της σύνταξης; η επιλογή της σύνταξης; γνώμες; γνώμη; απόψεις; άποψη; αναλύσεις; συνεντεύξεις; πολιτική; οικονομία; κόσμος; κοινωνία; πολιτισμός; αθλητισμός; αθλητικά; επιστήμη; υγεία; τεχνολογία
ja: 人気記事; 人気の記事; 人気ランキング; アクセスランキング; ランキング; よく読まれている記事; よく読まれた記事; 最も読まれた記事; 急上昇; トレンド; 注目記事; 注目の記事; 新着; 新着記事; 最新記事; 最新ニュース; 速報; ニュース; 主要ニュース; 関連記事; 関連ニュース; おすすめ; おすすめ記事; 編集部のおすすめ; 編集部おすすめ; 編集者のおすすめ; 編集部のイチオシ; あわせて読みたい; オピニオン; 社説; コラム; 論説; 解説; インタビュー; 政治; 経済; 国際; 社会; 文化; スポーツ; 科学; 健康; 動画
zh: 热门; 热门文章; 热门新闻; 热门推荐; 热门阅读; 热点; 热点新闻; 热榜; 热搜; 最受欢迎; 最多阅读; 阅读排行; 点击排行; 排行榜; 趋势; 最新; 最新文章; 最新消息; 最新新闻; 即时新闻; 新闻; 要闻; 头条; 相关; 相关文章; 相关新闻; 相关阅读; 相关报道; 延伸阅读; 推荐; 推荐阅读; 推荐文章; 为您推荐; 猜你喜欢; 编辑推荐; 编辑精选; 编辑之选; 观点; 评论; 社论; 专栏; 分析; 访谈; 政治; 财经; 经济; 国际; 社会; 文化; 体育; 科技; 健康; 视频; 熱門; 熱門文章; 熱門新聞; 最多人閱讀; 即時新聞; 新聞; 要聞; 頭條; 相關; 相關文章; 相關新聞; 延伸閱讀; 推薦; 推薦閱讀; 編輯推薦; 編輯精選; 編輯之選; 觀點; 評論; 社論; 專欄; 財經; 經濟; 國際; 社會; 體育
ko: 인기; 인기기사; 인기 기사; 인기 뉴스; 인기 글; 많이 본 기사; 많이 본 뉴스; 가장 많이 본 뉴스; 많이 읽은 기사; 가장 많이 읽은 기사; 실시간 인기; 랭킹뉴스; 트렌드; 최신; 최신기사; 최신 기사; 최신 뉴스; 최신뉴스; 속보; 뉴스; 주요뉴스; 주요 뉴스; 헤드라인; 관련기사; 관련 기사; 관련 뉴스; 함께 읽기; 추천; 추천기사; 추천 기사; 추천 뉴스; 에디터 추천; 편집자 추천; 편집자의 선택; 에디터의 선택; 편집자 픽; 에디터 픽; 오피니언; 사설; 칼럼; 기고; 분석; 인터뷰; 정치; 경제; 국제; 사회; 문화; 스포츠; 과학; 건강; 동영상
th: ยอดนิยม; ข่าวยอดนิยม; บทความยอดนิยม; อ่านมากที่สุด; ข่าวที่อ่านมากที่สุด; มาแรง; กำลังเป็นที่นิยม; ข่าวล่าสุด; ล่าสุด; บทความล่าสุด; ข่าว; ข่าวเด่น; ข่าวที่เกี่ยวข้อง; บทความที่เกี่ยวข้อง; เรื่องที่เกี่ยวข้อง; แนะนำ; บทความแนะนำ; ข่าวแนะนำ; บรรณาธิการแนะนำ; บทบรรณาธิการ; ความคิดเห็น; ความเห็น; คอลัมน์; บทวิเคราะห์; การเมือง; เศรษฐกิจ; ต่างประเทศ; สังคม; วัฒนธรรม; กีฬา; วิทยาศาสตร์; สุขภาพ; วิดีโอ
ar: الأكثر قراءة; الأكثر شعبية; الأكثر مشاهدة; الأكثر تداولا; الأكثر تداولاً; الأكثر رواجا; رائج; الرائج; شائع; آخر الأخبار; أحدث الأخبار; أحدث المقالات; أهم الأخبار; الأخبار; أخبار; عاجل; ذات صلة; مواضيع ذات صلة; أخبار ذات صلة; مقالات ذات صلة; اقرأ أيضا; اقرأ أيضاً; إقرأ أيضا; موصى به; نوصي بقراءة; مقترحات; قد يعجبك أيضا; اختيارات المحرر; اختيارات المحررين; اختيار المحرر; اختيارات هيئة التحرير; آراء; الرأي; رأي; مقالات الرأي; مقالات; تحليل; تحليلات; حوارات; سياسة; اقتصاد; العالم; مجتمع; ثقافة; رياضة; علوم; صحة; تكنولوجيا; فيديو
fa: پربازدیدترین; پربازدیدترین ها; پربازدیدترین‌ها; پربیننده ترین; پربیننده‌ترین; پربحث ترین; محبوب ترین; محبوب‌ترین; پرطرفدار; داغ ترین; آخرین اخبار; تازه ترین اخبار; تازه‌ترین اخبار; تازه ها; تازه‌ها; اخبار; خبرها; سرخط خبرها; مطالب مرتبط; اخبار مرتبط; مرتبط; بیشتر بخوانید; همچنین بخوانید; پیشنهادی; پیشنهاد ما; پیشنهاد سردبیر; انتخاب سردبیر; برگزیده ها; دیدگاه; دیدگاه ها; نظر; یادداشت; تحلیل; گفتگو; سیاست; سیاسی; اقتصاد; اقتصادی; جهان; جامعه; فرهنگ; ورزش; ورزشی; دانش; سلامت; فناوری; ویدیو
he: הנקראות ביותר; הכתבות הנקראות ביותר; הכי נקראות; הכי נקרא; הנצפים ביותר; הנצפות ביותר; פופולרי; הפופולריים ביותר; חם עכשיו; מגמות; חדשות אחרונות; החדשות האחרונות; אחרונות; מבזקים; חדשות; כותרות; כתבות קשורות; כתבות נוספות; קשור; עוד בנושא; קראו גם; קרא גם; מומלצים; מומלץ; כתבות מומלצות; בחירת העורך; בחירת העורכים; בחירות העורכים; בחירת המערכת; דעות; דעה; מאמרי מערכת; טורים; פרשנות; ניתוח; ראיונות; פוליטיקה; כלכלה; עולם; חברה; תרבות; ספורט; מדע; בריאות; טכנולוגיה; וידאו
"""

FURNITURE = """
read more; continue reading; learn more; see more; see all; view all; show more; load more; more; share; share this; share this article; tweet; print; save; email; copy link; comments; comment; leave a comment; no comments; reply; subscribe; sign up; log in; sign in; advertisement; advertising; ad; sponsored; skip to content; skip to main content; back to top; listen; menu; search; cookie settings
читати далі; детальніше; поділитися; коментарі; реклама; підписатися; читать далее; подробнее; поделиться; комментарии; подписаться
weiterlesen; mehr lesen; mehr; teilen; drucken; anzeige; werbung; anmelden; lire la suite; en savoir plus; partager; imprimer; commentaires; publicité; s'abonner; leer más; seguir leyendo; compartir; imprimir; comentarios; publicidad; suscribirse
leggi tutto; continua a leggere; condividi; stampa; pubblicità; leia mais; compartilhar; partilhar; comentários; publicidade; czytaj więcej; czytaj dalej; udostępnij; komentarze; reklama; lees meer; delen; reacties; advertentie; číst dále; sdílet; περισσότερα; διαβάστε περισσότερα; κοινοποίηση; σχόλια; διαφήμιση
続きを読む; もっと見る; シェア; コメント; 広告; 阅读更多; 查看更多; 更多; 分享; 广告; 閱讀更多; 更多內容; 廣告; 더 보기; 더보기; 공유; 댓글; 광고; อ่านต่อ; อ่านเพิ่มเติม; แชร์; โฆษณา; اقرأ المزيد; المزيد; مشاركة; شارك; تعليقات; إعلان; ادامه مطلب; بیشتر; اشتراک گذاری; نظرات; تبلیغات; קרא עוד; המשך קריאה; שתף; תגובות; פרסומת
"""

BYLINE = re.compile(
    r"(?:(?:by|written by|von|par|por|di|door|av|od|بقلم|מאת)(?:\s*:\s*|\s+)"
    r"|(?:autore?|auteur|author|автори?|авторы|text|texte|texto|συντάκτης|كاتب|نویسنده|文|作者|记者|記者|기자)"
    r"\s*[:：/／]\s*)(.{2,80})",
    re.IGNORECASE,
)
COUNTS = re.compile(r"\d+ (?:min\w*(?: \w+)?|comments?|shares?|views?)|.* all rights reserved")
LONGEST = 80
MARKS = re.compile(r"[^\w\s]|_")
APOSTROPHES = re.compile("['’‘`´ʼ]")


@lru_cache(maxsize=1024)
def label_key(text: str) -> str:
    """Letters, digits and blanks alone, in one case, without accents: how labels are compared."""
    return " ".join(MARKS.sub("", unicodedata.normalize("NFKD", text).casefold()).split())


def label_group(text: str) -> str:
    """A label as the name of a group: folded, and the same however it is quoted or spaced."""
    return " ".join(APOSTROPHES.sub("'", text).casefold().strip(" :：›»>").split())


def is_known_label(text: str) -> bool:
    """Whether a short line is a heading of a list in one of the languages we know."""
    words = label_key(text).split() if len(text) <= LONGEST else []
    return " ".join(words) in _known() or any(
        " ".join(words[:n]) in _known() and not {words[n - 1], words[n]}.isdisjoint(_linking())
        for n in range(2, min(len(words), 5))
    )


def is_furniture(text: str) -> bool:
    """Whether a line is part of the page and not of what it says: "Read more", "Share"."""
    if len(text) > LONGEST:
        return False
    key = label_key(text)
    return bool(key in _furniture() or text.startswith("©") or COUNTS.fullmatch(key))


@cache
def _known() -> frozenset[str]:
    lists = (line.partition(": ")[2] for line in LABELS.strip().splitlines())
    return frozenset(label_key(label) for labels in lists for label in labels.split(";"))


@cache
def _linking() -> frozenset[str]:
    return frozenset(label_key(LINKING).split())


@cache
def _furniture() -> frozenset[str]:
    return frozenset(label_key(words) for words in re.split("[;\n]", FURNITURE.strip()))
