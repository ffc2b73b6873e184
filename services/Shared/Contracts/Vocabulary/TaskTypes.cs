using System.Collections.Frozen;

namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>A kind of work, named by its code in ICNP/TSO, the United Nations' classification of non-profit and third-sector activities.</summary>
/// <param name="Code">A section ("D"), a group ("D10") or a sub-group ("D12").</param>
/// <param name="Parent">The group of a sub-group, the section of a group, null for a section.</param>
/// <param name="Russian">Name in Russian.</param>
/// <param name="English">Name in English.</param>
public sealed record TaskType(string Code, string? Parent, string Russian, string English);

/// <summary>
/// The task types by code. Codes and structure are those of ICNP/TSO (United Nations, Satellite Account on Non-profit and Related
/// Institutions and Volunteer Work, 2018, annex I); the names are worded here for volunteers and coordinators to read.
/// </summary>
public static class TaskTypes
{
    /// <summary>The twelve sections, for grouping only: work is recorded under a group or a sub-group.</summary>
    public static IReadOnlyList<TaskType> Sections { get; } =
    [
        new("A", null, "Культура, коммуникации и отдых", "Culture, communication and recreation"),
        new("B", null, "Образование", "Education"),
        new("C", null, "Здравоохранение", "Health"),
        new("D", null, "Социальная помощь", "Social services"),
        new("E", null, "Охрана природы и помощь животным", "Environment and animal welfare"),
        new("F", null, "Местное развитие и жильё", "Community development and housing"),
        new("G", null, "Гражданские инициативы, политика и международное сотрудничество", "Civic, political and international work"),
        new("H", null, "Благотворительность и развитие добровольчества", "Philanthropy and promotion of volunteering"),
        new("I", null, "Религиозные общины и объединения", "Religious congregations and associations"),
        new("J", null, "Деловые и профессиональные объединения, профсоюзы", "Business and professional associations, unions"),
        new("K", null, "Наука, профессиональные и административные услуги", "Science, professional and administrative services"),
        new("L", null, "Другая деятельность", "Other activities"),
    ];

    /// <summary>All groups and sub-groups in the order of their codes: what a piece of work can be recorded under.</summary>
    public static IReadOnlyList<TaskType> All { get; } =
    [
        new("A10", "A", "Культура и искусство", "Culture and arts"),
        new("A11", "A10", "Исполнительское и изобразительное искусство", "Performing and visual arts"),
        new("A12", "A10", "Музеи, зоопарки, парки и исторические места", "Museums, zoos, parks and historical sites"),
        new("A19", "A10", "Культура и искусство, прочее", "Other culture and arts"),
        new("A20", "A", "Спорт и отдых", "Sports and recreation"),
        new("A21", "A20", "Спорт", "Sports"),
        new("A22", "A20", "Досуг и развлечения", "Amusement and recreation"),
        new("A29", "A20", "Спорт и отдых, прочее", "Other sports and recreation"),
        new("A30", "A", "Информация, библиотеки и средства массовой информации", "Information, libraries and media"),
        new("A90", "A", "Культура, коммуникации и отдых, прочее", "Other culture, communication and recreation"),
        new("B10", "B", "Дошкольное и школьное образование", "Pre-school and school education"),
        new("B11", "B10", "Дошкольное образование", "Pre-school education"),
        new("B12", "B10", "Начальное образование", "Primary education"),
        new("B13", "B10", "Среднее образование", "Secondary education"),
        new("B19", "B10", "Школьное образование, прочее", "Other school education"),
        new("B20", "B", "Высшее образование", "Higher education"),
        new("B21", "B20", "Университеты и институты", "Colleges and universities"),
        new("B29", "B20", "Высшее образование, прочее", "Other higher education"),
        new("B30", "B", "Дополнительное образование", "Further education"),
        new("B31", "B30", "Профессиональное и непрерывное обучение", "Vocational and continuing education"),
        new("B32", "B30", "Поддержка в учёбе", "Support of learners"),
        new("B90", "B", "Образование, прочее", "Other education"),
        new("C10", "C", "Помощь вне больницы", "Out-patient health care"),
        new("C11", "C10", "Общая амбулаторная помощь", "General out-patient care"),
        new("C12", "C10", "Специализированная амбулаторная помощь", "Specialised out-patient care"),
        new("C13", "C10", "Скорая и неотложная помощь", "Emergency medical response"),
        new("C14", "C10", "Лаборатории и диагностика", "Laboratories and diagnostics"),
        new("C19", "C10", "Амбулаторная помощь, прочее", "Other out-patient care"),
        new("C20", "C", "Больницы", "Hospitals"),
        new("C21", "C20", "Больницы общего профиля", "General hospitals"),
        new("C22", "C20", "Специализированные, психиатрические и наркологические больницы", "Specialised, psychiatric and addiction hospitals"),
        new("C29", "C20", "Больницы, прочее", "Other hospitals"),
        new("C30", "C", "Уход с проживанием", "Residential care"),
        new("C31", "C30", "Стационарный уход и хосписы", "Nursing homes and hospices"),
        new("C32", "C30", "Дома для пожилых", "Homes for older people"),
        new("C39", "C30", "Уход с проживанием, прочее", "Other residential care"),
        new("D10", "D", "Помощь людям и семьям", "Help for individuals and families"),
        new("D11", "D10", "Помощь детям и молодёжи", "Help for children and young people"),
        new("D12", "D10", "Помощь пожилым", "Help for older people"),
        new("D13", "D10", "Помощь людям с инвалидностью", "Help for people with disabilities"),
        new("D14", "D10", "Помощь семьям", "Help for families"),
        new("D19", "D10", "Помощь людям и семьям, прочее", "Other help for individuals and families"),
        new("D20", "D", "Дневной присмотр за детьми", "Day care for children"),
        new("D30", "D", "Экстренная помощь", "Emergency and relief"),
        new("D31", "D30", "Продовольственная помощь", "Food aid"),
        new("D32", "D30", "Временный приют", "Temporary shelter"),
        new("D33", "D30", "Помощь при бедствиях и чрезвычайных ситуациях", "Disaster and emergency relief"),
        new("D34", "D30", "Помощь беженцам", "Help for refugees"),
        new("D39", "D30", "Экстренная помощь, прочее", "Other emergency and relief"),
        new("D40", "D", "Возвращение к труду", "Return to work"),
        new("D41", "D40", "Подготовка к работе и консультации", "Job training and advice"),
        new("D42", "D40", "Защищённые мастерские", "Sheltered workshops"),
        new("D49", "D40", "Возвращение к труду, прочее", "Other help towards work"),
        new("D90", "D", "Социальная помощь, прочее", "Other social services"),
        new("E10", "E", "Охрана природы", "Nature protection"),
        new("E11", "E10", "Охрана земель и вод, заповедники", "Care of land, waters and reserves"),
        new("E12", "E10", "Уборка и снижение загрязнений", "Clean-up and less pollution"),
        new("E13", "E10", "Экологический туризм", "Eco-tourism"),
        new("E14", "E10", "Экологическое земледелие и лес", "Eco-farming and forestry"),
        new("E19", "E10", "Охрана природы, прочее", "Other nature protection"),
        new("E20", "E", "Помощь животным", "Animal welfare"),
        new("E21", "E20", "Приюты для животных", "Animal shelters"),
        new("E22", "E20", "Ветеринарная помощь", "Veterinary services"),
        new("E29", "E20", "Помощь животным, прочее", "Other animal welfare"),
        new("E90", "E", "Охрана природы и помощь животным, прочее", "Other environment and animal welfare"),
        new("F10", "F", "Строительство жилья и инфраструктуры", "Building of housing and infrastructure"),
        new("F11", "F10", "Строительство жилья", "Building of housing"),
        new("F12", "F10", "Строительство инфраструктуры", "Building of infrastructure"),
        new("F19", "F10", "Строительство, прочее", "Other building"),
        new("F20", "F", "Развитие местных сообществ и экономики", "Community and economic development"),
        new("F30", "F", "Управление жильём и его содержание", "Housing management and upkeep"),
        new("F40", "F", "Коммунальные услуги и обращение с отходами", "Utilities and waste"),
        new("F50", "F", "Самоуправление коренных народов", "Self-governance of indigenous peoples"),
        new("F90", "F", "Местное развитие и жильё, прочее", "Other community development and housing"),
        new("G10", "G", "Гражданские инициативы и общественная жизнь", "Civic initiatives and participation"),
        new("G11", "G10", "Защита прав и общественных интересов", "Advocacy of rights and public interests"),
        new("G12", "G10", "Просвещение и защита интересов природы и животных", "Advocacy for nature and animals"),
        new("G13", "G10", "Клубы и объединения по интересам", "Clubs and societies"),
        new("G14", "G10", "Молодёжные объединения", "Youth organisations"),
        new("G15", "G10", "Объединения пожилых", "Older people's organisations"),
        new("G16", "G10", "Объединения людей с инвалидностью", "Organisations of people with disabilities"),
        new("G19", "G10", "Гражданские инициативы, прочее", "Other civic initiatives"),
        new("G20", "G", "Политическая деятельность", "Political activities"),
        new("G21", "G20", "Политические партии", "Political parties"),
        new("G22", "G20", "Политические кампании и лоббирование", "Campaigns and lobbying"),
        new("G29", "G20", "Политическая деятельность, прочее", "Other political activities"),
        new("G30", "G", "Международное сотрудничество", "International co-operation"),
        new("G90", "G", "Гражданские инициативы, политика и международное сотрудничество, прочее", "Other civic, political and international work"),
        new("H10", "H", "Фонды, выдающие гранты", "Grant-making foundations"),
        new("H90", "H", "Сбор средств и развитие добровольчества", "Fund-raising and promotion of volunteering"),
        new("I10", "I", "Религиозные общины", "Religious congregations"),
        new("I90", "I", "Другие религиозные объединения", "Other religious associations"),
        new("J10", "J", "Объединения предпринимателей и работодателей", "Business and employers' associations"),
        new("J20", "J", "Профессиональные объединения", "Professional associations"),
        new("J30", "J", "Профсоюзы", "Labour unions"),
        new("J90", "J", "Деловые и профессиональные объединения, прочее", "Other business and professional associations"),
        new("K10", "K", "Научные исследования и испытания", "Scientific research and testing"),
        new("K20", "K", "Профессиональные услуги", "Professional services"),
        new("K21", "K20", "Юридическая помощь и медиация", "Legal help and mediation"),
        new("K22", "K20", "Связи с общественностью", "Public relations"),
        new("K23", "K20", "Бухгалтерский учёт", "Accounting and bookkeeping"),
        new("K29", "K20", "Профессиональные услуги, прочее", "Other professional services"),
        new("K30", "K", "Управление и администрирование", "Management and administration"),
        new("K90", "K", "Наука, профессиональные и административные услуги, прочее", "Other scientific, professional and administrative services"),
        new("L10", "L", "Сельское и лесное хозяйство, рыболовство", "Agriculture, forestry and fishing"),
        new("L20", "L", "Производство", "Manufacturing"),
        new("L30", "L", "Размещение и питание", "Accommodation and catering"),
        new("L40", "L", "Торговля", "Trade"),
        new("L50", "L", "Перевозки и хранение", "Transport and storage"),
        new("L60", "L", "Финансы и страхование", "Finance and insurance"),
        new("L70", "L", "Недвижимость", "Real estate"),
        new("L80", "L", "Личная помощь без посредства организации", "Direct help between households"),
        new("L81", "L80", "Изготовление вещей для других", "Making goods for others"),
        new("L82", "L80", "Услуги для других", "Doing services for others"),
        new("L90", "L", "Деятельность, не вошедшая в другие разделы", "Activities not listed elsewhere"),
    ];

    private static readonly FrozenDictionary<string, TaskType> ByCode = All.ToFrozenDictionary(type => type.Code, StringComparer.Ordinal);

    /// <summary>The group or sub-group with this code, written exactly so, or null; a section is not found.</summary>
    public static TaskType? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);
}
