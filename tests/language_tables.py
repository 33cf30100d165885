"""Comments to try the language check on, written for it: one a line. Data only."""

from __future__ import annotations

FOREIGN = {
    "de": """
Endlich sagt es mal jemand!
Putin wird nicht aufhören, solange man ihn lässt.
Meine Tochter lebt in Charkiw, ich schlafe seit Wochen nicht mehr.
Und wer bezahlt das alles? Wir natürlich.
Die Amerikaner haben uns schon wieder im Stich gelassen.
So ein Unsinn
Hört auf, ständig nach Washington zu schielen, und macht endlich eure eigene Politik.
Danke an Großbritannien für die klare Haltung, davon können sich andere eine Scheibe abschneiden.
Was soll der Quatsch mit den Friedensgesprächen?
Ich glaube kein Wort davon
Russland hat den Krieg angefangen und kann ihn jederzeit beenden.
30 000 Mann? Das reicht nicht einmal für einen Abschnitt der Front.
""",
    "fr": """
Enfin une bonne nouvelle !
Les Russes ne s'arrêteront pas à Kiev, il faut ouvrir les yeux.
Encore un article qui ne dit rien.
Merci aux Britanniques, eux au moins tiennent parole.
Pourquoi est-ce toujours à nous de payer ?
Quelle honte
Trump lâche l'Ukraine et personne ne dit rien, c'est lamentable.
Mon grand-père disait déjà la même chose en 1938.
On nous prend vraiment pour des imbéciles.
Poutine a gagné, voilà tout
Je ne vois pas ce que nos soldats iraient faire là-bas.
Courage aux Ukrainiens, vous n'êtes pas seuls.
""",
    "es": """
Por fin alguien dice la verdad
Los americanos siempre hacen lo mismo, prometen y luego se van.
¿Y quién va a pagar todo esto?
Rusia no va a parar hasta que alguien la pare.
Qué vergüenza de gobierno
Mucha fuerza para Ucrania, estamos con vosotros.
No me creo nada de lo que dice este periódico.
Zelenski debería sentarse a negociar de una vez.
Inglaterra ya no pinta nada en el mundo
Todo esto lo pagamos los de siempre
Menos discursos y más defensa aérea, que la gente está muriendo.
Ya lo dijo mi abuelo: de las guerras solo ganan los que venden las armas.
""",
    "it": """
Era ora che qualcuno lo dicesse!
Gli americani ci hanno lasciati soli un'altra volta.
Ma chi paga tutto questo?
La Russia ha invaso, punto. Il resto sono chiacchiere.
Che vergogna
Bravi gli inglesi, almeno loro hanno una spina dorsale.
Non credo a una sola parola di questo articolo.
Putin non si fermerà finché non lo fermano.
Siamo governati da incapaci
Forza ragazzi, non mollate, siamo con voi.
Mio cugino lavora a Leopoli e racconta tutta un'altra storia.
Basta soldi per questa guerra, pensiamo alle bollette.
""",
    "pl": """
Wreszcie ktoś to powiedział!
Rosja rozumie tylko siłę, my to wiemy od dawna.
A kto za to wszystko zapłaci?
Amerykanie znowu nas zostawią, zobaczycie.
Co za wstyd
Brawo Brytyjczycy, przynajmniej oni dotrzymują słowa.
Nie wierzę w ani jedno słowo z tego artykułu.
Moja siostra jest lekarką w Kijowie i nie ma prądu od trzech dni.
Dość już tej wojny
Putin nie zatrzyma się sam z siebie.
Najpierw Gruzja, potem Krym, teraz to, a wy dalej śpicie.
Trzymajcie się, jesteśmy z wami.
""",
    "uk": """
Дякуємо британцям за підтримку!
Нарешті хтось сказав правду.
А хто за це заплатить?
Росія зупиниться тільки там, де її зупинять.
Який сором
Мій брат під Куп'янськом, йому потрібні не слова, а снаряди.
Не вірю жодному слову з цієї статті.
Тримаємось, бо іншого виходу нема.
Американці знову думають лише про себе
Слава Україні!
Путін не зупиниться сам.
Скільки ще ми маємо чекати на ці літаки?
""",
    "ru": """
Наконец-то кто-то сказал правду.
А кто за всё это заплатит?
Американцам плевать на всех, кроме себя.
Англичанка гадит, как всегда
Какой позор
Верните людей домой, хватит уже.
Не верю ни одному слову этой газеты.
Путин сам загнал страну в этот тупик.
Мы не начинали, мы заканчиваем
Запад опять всех обманул, ничего нового.
У меня сестра в Белгороде, у них тоже каждый день тревога.
Зеленскому давно пора садиться за стол переговоров.
""",
    "tr": """
Sonunda biri doğruyu söyledi!
Peki bunun parasını kim ödeyecek?
Amerika yine herkesi yarı yolda bıraktı.
Yazıklar olsun
Rusya durdurulmadıkça durmayacak, bunu anlamak zor değil.
İngilizler hiç olmazsa sözünü tutuyor.
Bu gazetenin yazdığı tek kelimeye inanmıyorum.
Savaş bitsin artık, insanlar ölüyor
Dayan Ukrayna, yanındayız.
Putin istediğini aldı, gerisi laf.
Dedem de hep aynı şeyi söylerdi: savaştan silah satan kazanır.
Ne gerek vardı bu kadar kana
""",
    "pt": """
Até que enfim alguém disse a verdade!
E quem vai pagar isso tudo?
Os americanos abandonaram a Ucrânia, como sempre fazem.
Que vergonha
A Rússia só vai parar quando for parada.
Obrigado aos ingleses, pelo menos eles cumprem o que prometem.
Não acredito em uma palavra desta notícia.
Chega de guerra, o povo está morrendo
O Putin conseguiu o que queria e agora fica rindo de nós.
Meu avô já dizia: na guerra só ganha quem vende as armas.
Força, estamos com vocês.
Isso não vai acabar bem
""",
    "nl": """
Eindelijk iemand die het zegt!
En wie gaat dat allemaal betalen?
De Amerikanen laten ons weer in de steek.
Wat een schande
Rusland stopt pas als iemand het tegenhoudt.
Hulde aan de Britten, zij houden zich tenminste aan hun woord.
Ik geloof geen woord van dit artikel.
Poetin heeft zijn zin gekregen en wij kijken toe.
Genoeg geld naar die oorlog, denk eens aan onze eigen mensen.
Mijn opa zei het al: aan oorlog verdienen alleen wapenhandelaren.
Houd vol, we staan achter jullie.
Dat gaat nooit goed aflopen
""",
}

# Short, shouted, misspelt, full of names, or with foreign words in English: none is another language.
ENGLISH = """
ok
OK
lol
LOL
Yes.
No!
Bravo!
Merci, London.
Well said
Exactly this
This.
Slava Ukraini!
SLAVA UKRAINI!!! Heroyam slava!
Слава Україні! Glory to the heroes, and thank you Britain.
They were shouting Слава Україні in the street and I cried.
"Русский мир" means ruined cities, nothing else.
Vive la France and God save the King, say I.
Putin: "Wir sind keine Bedrohung." Yeah, right.
As the Germans say: wer einmal lügt, dem glaubt man nicht. That's Moscow for you.
Zelensky Zelensky Zelensky
Keir Starmer, Emmanuel Macron, Volodymyr Zelenskyy
Lavrov. Medvedev. Peskov. Shoigu.
Kharkiv, Kherson, Zaporizhzhia, Donetsk, Luhansk
Wagner PMC Bakhmut Soledar
STOP SENDING OUR MONEY TO KIEV!!!!
TRUMP 2024 MAGA
USA USA USA
NATO IS A JOKE
putler kaput
ruzzia gonna ruzz
orcs go home
da comrade, very gud propaganda
tankies gonna tank
bruh wtf is dis
smh fr fr no cap
ngl thats kinda based
omg im ded 💀💀💀
hahahahahaha
Jajaja nice try, Vlad
Aye, an' wha's gonnae pay fer it?
Och awa' wi ye, ya daft bampot
cheers m8 ur a legend
goverment is usless an corupt
teh russains wil nevr stpo
pls no moar war
UK 🇬🇧 + UA 🇺🇦 = ❤️
HIMARS o'clock
Javelin > T-72
30,000 -> 10,000 -> 0
See https://www.example.org/artikel/die-lage-in-der-ukraine
@ivan_petrov @olena_k lmao
Nyet means nyet, Vladimir.
Do svidaniya, Black Sea Fleet.
Realpolitik, Schadenfreude, Blitzkrieg: pick one.
c'est la vie
Pax Americana, RIP.
Si vis pacem, para bellum.
Mea culpa, I was wrong about Johnson.
Sic semper tyrannis
de facto annexation
Brexit means Brexit
Moskva sank lol
Russian warship, go f*** yourself
Idi nahui, Putin!
F
gg ez
tl;dr
IMHO
+1
10/10
1. e4
Sergei
Ben Wallace
Liz Truss... Rishi Sunak... Sir Keir... who's next?
No amo, no gasolina, no morale.
Minsk 1, Minsk 2, Minsk 3
Pravda
Pravda, Izvestia, RIA Novosti, TASS
agreed
Sad.
So sad :(
Totally
Tosser
wanker
Bollocks!
Crimea river
Poor sods.
Good on ya, Boris
Ура! Finally some good news from the front.
Хуйло has to go, simple as that.
Zelenskiy is nash человек according to Solovyov? Please.
"Es lebe die Ukraine", said Scholz, and then he sent helmets.
"""
