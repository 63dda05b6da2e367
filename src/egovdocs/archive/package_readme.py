"""The README of every package, for a reader decades from now."""

README = """\
RU  Это дело электронной государственной услуги, упакованное по RFC 8493 (BagIt).
    documents/*.xml   подписанные документы, байт в байт: они и есть доказательство
    documents/*.pdf   их вид для чтения
    attachments/      файлы заявителя, байт в байт; подписанный запрос называет SHA-256 каждого
    evidence/         метки времени, свидетельства и списки отозванных на момент подписания
    augmented/        те же документы с ними внутри (XAdES-LT, -LTA): они переживут свидетельства
    reports/          результаты проверки подписей
    metadata/         сведения о деле, журнал, корневые сертификаты и списки отозванных

KK  Бұл — электрондық мемлекеттік қызметтің RFC 8493 (BagIt) бойынша жинақталған ісі.
    documents/*.xml   қол қойылған құжаттар, байтына дейін: дәлел — солар
    documents/*.pdf   олардың оқуға арналған түрі
    attachments/      өтініш берушінің файлдары; қол қойылған сұрау салуда әрқайсысының SHA-256 көрсетілген
    evidence/         уақыт белгілері, қол қойылған сәттегі куәліктер мен кері қайтарылғандар тізімдері
    augmented/        сол құжаттар, ішінде солар (XAdES-LT, -LTA): куәліктерден ұзақ жарамды
    reports/          қолтаңбаларды тексеру нәтижелері
    metadata/         іс туралы мәліметтер, журнал, түбірлік сертификаттар мен кері қайтарылғандар тізімдері

EN  This is the case of an electronic public service, packed by RFC 8493 (BagIt).
    documents/*.xml   the signed documents, byte for byte: these are the evidence
    documents/*.pdf   the same for reading
    attachments/      the applicant's files, byte for byte; the signed request names the SHA-256 of each
    evidence/         time-stamps, certificates and revocation lists of the time of signing
    augmented/        the same documents with these in them (XAdES-LT, -LTA): they outlive certificates
    reports/          what validating the signatures said
    metadata/         the case, its journal, the root certificates and revocation lists

To check it with tools that are not ours, in the folder above this one:
    sha256sum -c manifest-sha256.txt
    for document in data/documents/*.xml; do
        xmlsec1 --verify --trusted-pem data/metadata/trust/anchors.pem \\
            --id-attr:Id SignedProperties "$document"
    done
"""
