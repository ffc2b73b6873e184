using System.Collections.Frozen;

namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>A federal district of Russia by its name in Russian and in English.</summary>
public sealed record FederalDistrict(string Russian, string English);

/// <summary>A region whose volunteers keep a book.</summary>
/// <param name="Code">ISO 3166-2 code, such as "RU-MOW".</param>
/// <param name="Russian">Name in Russian, in full: «Республика Татарстан».</param>
/// <param name="English">Name in English: "Republic of Tatarstan".</param>
/// <param name="District">Federal district; none for Baikonur, which belongs to no district.</param>
/// <param name="Zone">
/// IANA zone that the region's capital keeps. A region may span several zones (Yakutia spans three), so this is what a form offers
/// first; the zone of a shift is the shift's own.
/// </param>
public sealed record Region(string Code, string Russian, string English, FederalDistrict? District, string Zone);

/// <summary>The regions by ISO 3166-2 code.</summary>
public static class Regions
{
    private static readonly FederalDistrict Central = new("Центральный", "Central");
    private static readonly FederalDistrict Northwestern = new("Северо-Западный", "Northwestern");
    private static readonly FederalDistrict Southern = new("Южный", "Southern");
    private static readonly FederalDistrict NorthCaucasian = new("Северо-Кавказский", "North Caucasian");
    private static readonly FederalDistrict Volga = new("Приволжский", "Volga");
    private static readonly FederalDistrict Ural = new("Уральский", "Ural");
    private static readonly FederalDistrict Siberian = new("Сибирский", "Siberian");
    private static readonly FederalDistrict FarEastern = new("Дальневосточный", "Far Eastern");

    /// <summary>All regions in the order of their codes.</summary>
    public static IReadOnlyList<Region> All { get; } =
    [
        new("KZ-BAY", "Байконур", "Baikonur", null, "Asia/Qyzylorda"),
        new("RU-AD", "Республика Адыгея", "Republic of Adygea", Southern, "Europe/Moscow"),
        new("RU-AL", "Республика Алтай", "Altai Republic", Siberian, "Asia/Barnaul"),
        new("RU-ALT", "Алтайский край", "Altai Krai", Siberian, "Asia/Barnaul"),
        new("RU-AMU", "Амурская область", "Amur Oblast", FarEastern, "Asia/Yakutsk"),
        new("RU-ARK", "Архангельская область", "Arkhangelsk Oblast", Northwestern, "Europe/Moscow"),
        new("RU-AST", "Астраханская область", "Astrakhan Oblast", Southern, "Europe/Astrakhan"),
        new("RU-BA", "Республика Башкортостан", "Republic of Bashkortostan", Volga, "Asia/Yekaterinburg"),
        new("RU-BEL", "Белгородская область", "Belgorod Oblast", Central, "Europe/Moscow"),
        new("RU-BRY", "Брянская область", "Bryansk Oblast", Central, "Europe/Moscow"),
        new("RU-BU", "Республика Бурятия", "Republic of Buryatia", FarEastern, "Asia/Irkutsk"),
        new("RU-CE", "Чеченская Республика", "Chechen Republic", NorthCaucasian, "Europe/Moscow"),
        new("RU-CHE", "Челябинская область", "Chelyabinsk Oblast", Ural, "Asia/Yekaterinburg"),
        new("RU-CHU", "Чукотский автономный округ", "Chukotka Autonomous Okrug", FarEastern, "Asia/Anadyr"),
        new("RU-CU", "Чувашская Республика — Чувашия", "Chuvash Republic", Volga, "Europe/Moscow"),
        new("RU-DA", "Республика Дагестан", "Republic of Dagestan", NorthCaucasian, "Europe/Moscow"),
        new("RU-IN", "Республика Ингушетия", "Republic of Ingushetia", NorthCaucasian, "Europe/Moscow"),
        new("RU-IRK", "Иркутская область", "Irkutsk Oblast", Siberian, "Asia/Irkutsk"),
        new("RU-IVA", "Ивановская область", "Ivanovo Oblast", Central, "Europe/Moscow"),
        new("RU-KAM", "Камчатский край", "Kamchatka Krai", FarEastern, "Asia/Kamchatka"),
        new("RU-KB", "Кабардино-Балкарская Республика", "Kabardino-Balkarian Republic", NorthCaucasian, "Europe/Moscow"),
        new("RU-KC", "Карачаево-Черкесская Республика", "Karachay-Cherkess Republic", NorthCaucasian, "Europe/Moscow"),
        new("RU-KDA", "Краснодарский край", "Krasnodar Krai", Southern, "Europe/Moscow"),
        new("RU-KEM", "Кемеровская область — Кузбасс", "Kemerovo Oblast", Siberian, "Asia/Novokuznetsk"),
        new("RU-KGD", "Калининградская область", "Kaliningrad Oblast", Northwestern, "Europe/Kaliningrad"),
        new("RU-KGN", "Курганская область", "Kurgan Oblast", Ural, "Asia/Yekaterinburg"),
        new("RU-KHA", "Хабаровский край", "Khabarovsk Krai", FarEastern, "Asia/Vladivostok"),
        new("RU-KHM", "Ханты-Мансийский автономный округ — Югра", "Khanty-Mansi Autonomous Okrug", Ural, "Asia/Yekaterinburg"),
        new("RU-KIR", "Кировская область", "Kirov Oblast", Volga, "Europe/Kirov"),
        new("RU-KK", "Республика Хакасия", "Republic of Khakassia", Siberian, "Asia/Krasnoyarsk"),
        new("RU-KL", "Республика Калмыкия", "Republic of Kalmykia", Southern, "Europe/Moscow"),
        new("RU-KLU", "Калужская область", "Kaluga Oblast", Central, "Europe/Moscow"),
        new("RU-KO", "Республика Коми", "Komi Republic", Northwestern, "Europe/Moscow"),
        new("RU-KOS", "Костромская область", "Kostroma Oblast", Central, "Europe/Moscow"),
        new("RU-KR", "Республика Карелия", "Republic of Karelia", Northwestern, "Europe/Moscow"),
        new("RU-KRS", "Курская область", "Kursk Oblast", Central, "Europe/Moscow"),
        new("RU-KYA", "Красноярский край", "Krasnoyarsk Krai", Siberian, "Asia/Krasnoyarsk"),
        new("RU-LEN", "Ленинградская область", "Leningrad Oblast", Northwestern, "Europe/Moscow"),
        new("RU-LIP", "Липецкая область", "Lipetsk Oblast", Central, "Europe/Moscow"),
        new("RU-MAG", "Магаданская область", "Magadan Oblast", FarEastern, "Asia/Magadan"),
        new("RU-ME", "Республика Марий Эл", "Mari El Republic", Volga, "Europe/Moscow"),
        new("RU-MO", "Республика Мордовия", "Republic of Mordovia", Volga, "Europe/Moscow"),
        new("RU-MOS", "Московская область", "Moscow Oblast", Central, "Europe/Moscow"),
        new("RU-MOW", "Москва", "Moscow", Central, "Europe/Moscow"),
        new("RU-MUR", "Мурманская область", "Murmansk Oblast", Northwestern, "Europe/Moscow"),
        new("RU-NEN", "Ненецкий автономный округ", "Nenets Autonomous Okrug", Northwestern, "Europe/Moscow"),
        new("RU-NGR", "Новгородская область", "Novgorod Oblast", Northwestern, "Europe/Moscow"),
        new("RU-NIZ", "Нижегородская область", "Nizhny Novgorod Oblast", Volga, "Europe/Moscow"),
        new("RU-NVS", "Новосибирская область", "Novosibirsk Oblast", Siberian, "Asia/Novosibirsk"),
        new("RU-OMS", "Омская область", "Omsk Oblast", Siberian, "Asia/Omsk"),
        new("RU-ORE", "Оренбургская область", "Orenburg Oblast", Volga, "Asia/Yekaterinburg"),
        new("RU-ORL", "Орловская область", "Oryol Oblast", Central, "Europe/Moscow"),
        new("RU-PER", "Пермский край", "Perm Krai", Volga, "Asia/Yekaterinburg"),
        new("RU-PNZ", "Пензенская область", "Penza Oblast", Volga, "Europe/Moscow"),
        new("RU-PRI", "Приморский край", "Primorsky Krai", FarEastern, "Asia/Vladivostok"),
        new("RU-PSK", "Псковская область", "Pskov Oblast", Northwestern, "Europe/Moscow"),
        new("RU-ROS", "Ростовская область", "Rostov Oblast", Southern, "Europe/Moscow"),
        new("RU-RYA", "Рязанская область", "Ryazan Oblast", Central, "Europe/Moscow"),
        new("RU-SA", "Республика Саха (Якутия)", "Republic of Sakha (Yakutia)", FarEastern, "Asia/Yakutsk"),
        new("RU-SAK", "Сахалинская область", "Sakhalin Oblast", FarEastern, "Asia/Sakhalin"),
        new("RU-SAM", "Самарская область", "Samara Oblast", Volga, "Europe/Samara"),
        new("RU-SAR", "Саратовская область", "Saratov Oblast", Volga, "Europe/Saratov"),
        new("RU-SE", "Республика Северная Осетия — Алания", "Republic of North Ossetia–Alania", NorthCaucasian, "Europe/Moscow"),
        new("RU-SMO", "Смоленская область", "Smolensk Oblast", Central, "Europe/Moscow"),
        new("RU-SPE", "Санкт-Петербург", "Saint Petersburg", Northwestern, "Europe/Moscow"),
        new("RU-STA", "Ставропольский край", "Stavropol Krai", NorthCaucasian, "Europe/Moscow"),
        new("RU-SVE", "Свердловская область", "Sverdlovsk Oblast", Ural, "Asia/Yekaterinburg"),
        new("RU-TA", "Республика Татарстан", "Republic of Tatarstan", Volga, "Europe/Moscow"),
        new("RU-TAM", "Тамбовская область", "Tambov Oblast", Central, "Europe/Moscow"),
        new("RU-TOM", "Томская область", "Tomsk Oblast", Siberian, "Asia/Tomsk"),
        new("RU-TUL", "Тульская область", "Tula Oblast", Central, "Europe/Moscow"),
        new("RU-TVE", "Тверская область", "Tver Oblast", Central, "Europe/Moscow"),
        new("RU-TY", "Республика Тыва", "Tuva Republic", Siberian, "Asia/Krasnoyarsk"),
        new("RU-TYU", "Тюменская область", "Tyumen Oblast", Ural, "Asia/Yekaterinburg"),
        new("RU-UD", "Удмуртская Республика", "Udmurt Republic", Volga, "Europe/Samara"),
        new("RU-ULY", "Ульяновская область", "Ulyanovsk Oblast", Volga, "Europe/Ulyanovsk"),
        new("RU-VGG", "Волгоградская область", "Volgograd Oblast", Southern, "Europe/Volgograd"),
        new("RU-VLA", "Владимирская область", "Vladimir Oblast", Central, "Europe/Moscow"),
        new("RU-VLG", "Вологодская область", "Vologda Oblast", Northwestern, "Europe/Moscow"),
        new("RU-VOR", "Воронежская область", "Voronezh Oblast", Central, "Europe/Moscow"),
        new("RU-YAN", "Ямало-Ненецкий автономный округ", "Yamalo-Nenets Autonomous Okrug", Ural, "Asia/Yekaterinburg"),
        new("RU-YAR", "Ярославская область", "Yaroslavl Oblast", Central, "Europe/Moscow"),
        new("RU-YEV", "Еврейская автономная область", "Jewish Autonomous Oblast", FarEastern, "Asia/Vladivostok"),
        new("RU-ZAB", "Забайкальский край", "Zabaykalsky Krai", FarEastern, "Asia/Chita"),
        new("UA-40", "Севастополь", "Sevastopol", Southern, "Europe/Simferopol"),
        new("UA-43", "Республика Крым", "Republic of Crimea", Southern, "Europe/Simferopol"),
    ];

    private static readonly FrozenDictionary<string, Region> ByCode = All.ToFrozenDictionary(region => region.Code, StringComparer.Ordinal);

    /// <summary>The region with this code, written exactly so, or null.</summary>
    public static Region? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);
}
