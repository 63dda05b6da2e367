"""Messages for people about documents that break their schema."""

from __future__ import annotations

from egovdocs.schemas.text import Text

MISSING = Text(
    "Заполните поле «{label}».",
    "«{label}» өрісін толтырыңыз.",
    "Fill in “{label}”.",
)
MISSING_CHOICE = Text(
    "Выберите значение в поле «{label}».",
    "«{label}» өрісінде мәнді таңдаңыз.",
    "Choose an answer for “{label}”.",
)
NONE_GIVEN = Text(
    "«{label}»: заполните хотя бы одну запись.",
    "«{label}»: кемінде бір жазбаны толтырыңыз.",
    "“{label}”: fill in at least one.",
)
NOT_A_CHOICE = Text(
    "В поле «{label}» выберите значение из списка.",
    "«{label}» өрісінде тізімдегі мәнді таңдаңыз.",
    "For “{label}”, choose an answer from the list.",
)
TOO_LONG = Text(
    "В поле «{label}» слишком много знаков: допускается не больше {most}.",
    "«{label}» өрісінде таңбалар тым көп: {most} таңбадан аспауы тиіс.",
    "“{label}” is too long: at most {most} characters are allowed.",
)
NOT_A_DATE = Text(
    "В поле «{label}» укажите существующую дату.",
    "«{label}» өрісінде нақты күнді көрсетіңіз.",
    "“{label}” must be a real date.",
)
NOT_A_NUMBER = Text(
    "В поле «{label}» введите число.",
    "«{label}» өрісіне сан енгізіңіз.",
    "“{label}” must be a number.",
)
WRONG = Text(
    "Значение в поле «{label}» указано неверно.",
    "«{label}» өрісіндегі мән дұрыс көрсетілмеген.",
    "“{label}” is not filled in correctly.",
)
BAD_CHARACTERS = Text(
    "В поле «{label}» есть недопустимые знаки.",
    "«{label}» өрісінде рұқсат етілмеген таңбалар бар.",
    "“{label}” has characters that are not allowed.",
)
TOO_MANY = Text(
    "«{label}»: слишком много значений, допускается не больше {most}.",
    "«{label}»: мәндер тым көп, {most} мәннен аспауы тиіс.",
    "“{label}”: too many, at most {most} are allowed.",
)
TWICE = Text(
    "В поле «{label}» одно и то же указано дважды.",
    "«{label}» өрісінде бір мән екі рет көрсетілген.",
    "“{label}” names the same thing twice.",
)
NOT_ASKED = Text(
    "«{label}» в этом документе не указывается.",
    "«{label}» бұл құжатта көрсетілмейді.",
    "“{label}” has no place in this document.",
)
NOT_XML = Text(
    "Это не документ XML или он повреждён.",
    "Бұл XML құжаты емес немесе ол бүлінген.",
    "This is not an XML document, or it is damaged.",
)
HAS_DOCTYPE = Text(
    "Документ содержит объявление DOCTYPE. Такие документы не принимаются.",
    "Құжатта DOCTYPE жарияланымы бар. Мұндай құжаттар қабылданбайды.",
    "The document has a DOCTYPE. Such documents are not accepted.",
)
ANOTHER_DOCUMENT = Text(
    "Это другой документ. Нужен документ «{label}».",
    "Бұл басқа құжат. «{label}» құжаты қажет.",
    "This is another document. “{label}” is wanted.",
)
ANOTHER_STRUCTURE = Text(
    "Строение документа нарушено: «{label}».",
    "Құжаттың құрылымы бұзылған: «{label}».",
    "The document is not built as it should be: “{label}”.",
)
KIND_AND_NUMBER = Text(
    "Категория заявителя и номер не соответствуют друг другу: у физического лица ИИН, у юридического БИН.",
    "Өтініш берушінің санаты мен нөмірі сәйкес келмейді: жеке тұлғада ЖСН, заңды тұлғада БСН болады.",
    "The category of applicant and the number disagree: a person has an IIN, an organisation a BIN.",
)
ANOTHER_SERVICE = Text(
    "Запрос относится к другой услуге.",
    "Сұрау салу басқа көрсетілетін қызметке қатысты.",
    "The request is for another service.",
)
NO_SUCH_ACTION = Text(
    "Такого вида запроса у этой услуги нет.",
    "Бұл көрсетілетін қызметте мұндай сұрау салу түрі жоқ.",
    "This service has no such kind of request.",
)
NO_SUCH_CHANNEL = Text(
    "Таким способом эта услуга не оказывается.",
    "Бұл қызмет мұндай тәсілмен көрсетілмейді.",
    "This service is not provided through this channel.",
)
NOT_FOR_THIS_KIND = Text(
    "Эта услуга не оказывается заявителям такой категории.",
    "Бұл қызмет мұндай санаттағы өтініш берушілерге көрсетілмейді.",
    "This service is not provided to applicants of this kind.",
)
NOT_PAID = Text(
    "Запрос не оплачен.",
    "Сұрау салу үшін төлем жасалмаған.",
    "The request has not been paid for.",
)
NOT_ATTACHED = Text(
    "Приложите документ: «{label}».",
    "Құжатты қоса беріңіз: «{label}».",
    "Attach the document: “{label}”.",
)
TWELVE_DIGITS = Text(
    "Введите номер из 12 цифр: ИИН или БИН.",
    "12 цифрдан тұратын нөмірді енгізіңіз: ЖСН немесе БСН.",
    "Enter a number of 12 digits: an IIN or a BIN.",
)
WRONG_CHECK_DIGIT = Text(
    "Последняя цифра номера — контрольная, и она не сходится с остальными: в какой-то цифре ошибка.",
    "Нөмірдің соңғы цифры — бақылау цифры, ол қалғандарымен сәйкес келмейді: бір цифрда қате бар.",
    "The last digit of the number is a check digit, and it does not agree with the others: one is wrong.",
)
NO_SUCH_NUMBER = Text(
    "Такого номера не бывает: проверьте первые шесть цифр.",
    "Мұндай нөмір болмайды: алғашқы алты цифрды тексеріңіз.",
    "There can be no such number: check its first six digits.",
)
NOT_RECEIVED = Text(
    "Кто принял запрос, указывается тогда и только тогда, когда заявитель обратился лично.",
    "Сұрау салуды кім қабылдағаны өтініш беруші жеке жүгінген жағдайда ғана көрсетіледі.",
    "Who took the request down is named exactly when the applicant came in person.",
)
NOT_SHOWN = Text(
    "Отметьте, что предъявлен подлинник документа: «{label}».",
    "Құжаттың түпнұсқасы көрсетілгенін белгілеңіз: «{label}».",
    "Mark that the original was shown on paper: “{label}”.",
)
NO_SUCH_ATTACHMENT = Text(
    "Документ такого вида к этому запросу не прилагается.",
    "Бұл сұрау салуға мұндай түрдегі құжат қоса берілмейді.",
    "This request takes no document of this kind.",
)
WRONG_FORMAT = Text(
    "Документ «{label}» приложен в неподходящем формате.",
    "«{label}» құжаты жарамсыз пішімде қоса берілген.",
    "“{label}” is attached in a format that is not accepted.",
)
TOO_LARGE = Text(
    "Файл документа «{label}» слишком велик: допускается не больше {most} МБ.",
    "«{label}» құжатының файлы тым үлкен: {most} МБ-тан аспауы тиіс.",
    "The file of “{label}” is too large: at most {most} MB are allowed.",
)
NO_SUCH_GROUND = Text(
    "Такого основания отказа у этой услуги нет.",
    "Бұл көрсетілетін қызметте мұндай бас тарту негізі жоқ.",
    "This service has no such ground of refusal.",
)
NOT_GRANTED = Text(
    "Решение не удовлетворяет запрос.",
    "Шешім сұрау салуды қанағаттандырмайды.",
    "The decision does not grant the request.",
)
NOT_REFUSED = Text(
    "Решение не отказывает в запросе.",
    "Шешім сұрау салудан бас тартпайды.",
    "The decision does not refuse the request.",
)
UNKNOWN_DOCUMENT = Text(
    "Такой вид документа здесь не выдаётся и не принимается.",
    "Мұндай құжат түрі мұнда берілмейді және қабылданбайды.",
    "This kind of document is neither issued nor accepted here.",
)
