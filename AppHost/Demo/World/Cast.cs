using System.Globalization;

namespace VolunteerBook.Demo.World;

/// <summary>A project of an organisation of the demo world, and when people work in it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TaskType">ICNP/TSO code.</param>
/// <param name="Months">Twelve digits: how much happens in each month, January first.</param>
/// <param name="Days">Seven digits: how much happens on each day of the week, Monday first.</param>
/// <param name="Hours">The hours at which shifts begin.</param>
/// <param name="Minutes">How long shifts are, minutes.</param>
/// <param name="Words">What volunteers write about it.</param>
internal sealed record Project(string Name, string TaskType, string Months, string Days, int[] Hours, int[] Minutes, string[] Words);

/// <summary>An organisation of the demo world. All are made up; an ОГРН with the year 99 belongs to nobody.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Name">Its name.</param>
/// <param name="Regions">Where it works, ISO 3166-2; its seat first.</param>
/// <param name="Coordinators">User names; the first registers it.</param>
/// <param name="Projects">Its projects.</param>
internal sealed record Host(int Number, string Name, string[] Regions, string[] Coordinators, Project[] Projects)
{
    public string Ogrn { get; } = WithCheckDigit(string.Create(CultureInfo.InvariantCulture, $"19977{Number:0000000}"));

    public NewOrganisation Registration => new(Name, Ogrn, Regions[0]);

    // The last digit is the remainder of the first twelve by 11, and of that its last digit.
    private static string WithCheckDigit(string twelve) =>
        twelve + (long.Parse(twelve, CultureInfo.InvariantCulture) % 11 % 10).ToString(CultureInfo.InvariantCulture);
}

/// <summary>An agency that volunteers of the demo world can let read their books. All are made up.</summary>
/// <param name="ClientId">The client of its machine.</param>
/// <param name="Kind">What kind of body it is.</param>
/// <param name="Russian">Its name in Russian.</param>
/// <param name="English">Its name in English.</param>
/// <param name="Purpose">What it reads books for.</param>
internal sealed record Agency(string ClientId, string Kind, string Russian, string English, AgencyPurpose Purpose);

/// <summary>What an agency reads books for.</summary>
internal sealed record AgencyPurpose(string Code, BothLanguages Description);

/// <summary>A text in both languages.</summary>
internal sealed record BothLanguages(string Russian, string English);

/// <summary>Who and what there is in the demo world before anything happens.</summary>
internal static class Cast
{
    /// <summary>The agencies: one of each kind.</summary>
    public static IReadOnlyList<Agency> Agencies { get; } =
    [
        new("agency_education", "education", "Приёмная комиссия Приволжского университета", "Admissions of Volga Region University",
            new("admission", new("Баллы за волонтёрство при поступлении", "Credit for volunteering on admission"))),
        new(
            "agency_employment", "employment", "Служба занятости", "Employment service",
            new("vacancy", new("Подбор работы с учётом опыта волонтёра", "Finding work that fits a volunteer’s experience"))),
        new(
            "agency_taxation", "taxation", "Налоговая служба", "Tax service",
            new("expenses", new("Проверка возмещённых волонтёру расходов", "Checking a volunteer’s reimbursed expenses"))),
        new(
            "agency_social_protection", "socialProtection", "Отдел социальной защиты", "Social protection office",
            new("benefits", new("Назначение региональных льгот волонтёрам", "Granting regional benefits to volunteers"))),
        new(
            "agency_pension", "pension", "Пенсионный отдел", "Pension office",
            new("record", new("Учёт общественной работы", "Keeping record of work for the community"))),
    ];

    private const string Weekends = "1111387";
    private const string Workdays = "5556521";
    private const string AnyDay = "3333465";
    private const string AllYear = "344555445555";
    private const string School = "255541114655";
    private const string Summer = "112359986421";
    private const string Warm = "002697778520";

    public static IReadOnlyList<Host> Hosts { get; } =
    [
        new(1, "Благотворительный фонд «Тёплый порог»", ["RU-MOW", "RU-MOS", "RU-TUL", "RU-VLA", "RU-RYA"],
            [DemoAccounts.Pavel, DemoAccounts.Coordinator(1)],
            [
                new("Забота рядом", "D12", AllYear, AnyDay, [10, 11, 14, 16], [120, 150, 180, 240],
                    [
                        "Купили продукты и лекарства, помогли с уборкой",
                        "Сопровождение на приём к врачу",
                        "Прогулка, разговор, помощь с квитанциями",
                        "Навестили троих подопечных на Соколе",
                    ]),
                new("Весенние окна", "D12", "000695000000", Weekends, [10, 11], [240, 300, 360],
                    ["Мыли окна после зимы, четыре квартиры за день", "Окна и шторы, под вечер пили чай"]),
                new("Открытка ветерану", "D19", "011890002111", AnyDay, [12, 15, 18], [90, 120, 150],
                    ["Подписали и разнесли открытки по адресам", "Мастер-класс по открыткам для школьников"]),
                new("Компьютер без страха", "B31", School, Workdays, [15, 16, 17], [90, 120],
                    ["Занятие о видеосвязи и записи к врачу", "Разбирали мошеннические звонки"]),
                new("Новогодний стол", "D12", "200000000029", Weekends, [11, 13], [180, 240, 300],
                    ["Собирали и развозили подарки", "Праздничный обед в районном центре"]),
            ]),
        new(2, "Приют для животных «Лапа на плече»", ["RU-TA", "RU-UD", "RU-ME", "RU-CU", "RU-ULY"],
            [DemoAccounts.Olga, DemoAccounts.Coordinator(2)],
            [
                new("Выгул и забота", "E21", AllYear, Weekends, [9, 10, 12, 15], [120, 150, 180, 240],
                    ["Гуляли с восемью собаками, мыли миски", "Приучали щенков к поводку", "Кошачий корпус: уборка, кормление, игра"]),
                new("Ищу дом", "E29", "234565556664", "1111178", [11, 12], [240, 300, 360],
                    ["Выставка-пристройство: четыре кошки уехали домой", "Помогали семьям выбрать собаку, заполняли анкеты"]),
                new("Тёплые вольеры", "E21", "100002369831", Weekends, [9, 10], [300, 360, 420],
                    ["Утепляли будки и меняли солому", "Красили вольеры второго ряда"]),
                new("Ветеринарная бригада", "E22", AllYear, AnyDay, [10, 14, 17], [150, 180, 240],
                    ["Помощь врачу на вакцинации", "Дежурство после стерилизаций"]),
            ]),
        new(3, "АНО «Солнечный коридор»: волонтёры в больницах", ["RU-NIZ", "RU-KIR", "RU-IVA", "RU-PNZ"],
            [DemoAccounts.Coordinator(3)],
            [
                new("Игровая в отделении", "C21", School, Workdays, [11, 15, 16], [120, 150, 180],
                    ["Рисовали и строили город из коробок", "Читали вслух в ортопедии", "Играли в настольные игры с подростками"]),
                new("Больничная мастерская", "C22", AllYear, AnyDay, [14, 15], [120, 150],
                    ["Лепка с детьми на долгом лечении", "Вязали и разговаривали"]),
                new("Проводник", "C21", AllYear, "5555530", [8, 9], [180, 240, 300],
                    ["Встречали пациентов, провожали по кабинетам", "Дежурство у регистратуры"]),
                new("Красный нос", "A11", "345545335658", Weekends, [12, 13], [90, 120],
                    ["Больничная клоунада в двух отделениях"]),
            ]),
        new(4, "Фонд продовольствия «Общий хлеб»", ["RU-SPE", "RU-LEN", "RU-NGR", "RU-PSK", "RU-KR"],
            [DemoAccounts.Coordinator(4)],
            [
                new("Народный обед", "D31", AllYear, AnyDay, [9, 11, 13], [180, 240, 300],
                    ["Готовили и раздали сто двадцать обедов", "На раздаче у вокзала"]),
                new("Полная корзина", "D31", "355454345679", Weekends, [10, 12], [180, 240, 360],
                    ["Собирали продукты у входа в магазин", "Сортировали и взвешивали собранное"]),
                new("Рейс добра", "L50", AllYear, Workdays, [9, 10, 18], [150, 210, 270],
                    ["Двенадцать адресов по Выборгской стороне", "Забрали хлеб из пекарен, отвезли на склад"]),
                new("Склад", "L50", AllYear, AnyDay, [10, 14], [240, 300],
                    ["Принимали крупу, собирали наборы для семей"]),
            ]),
        new(5, "Поисково-спасательный отряд «Маяк в лесу»", ["RU-TVE", "RU-SMO", "RU-KLU", "RU-VLG", "RU-KOS"],
            [DemoAccounts.Coordinator(5)],
            [
                new("Выход на поиск", "D33", "112357999721", AnyDay, [6, 8, 17, 20], [360, 480, 600, 720],
                    ["Прочёс двух квадратов, найден живым", "Ночная группа на отклик, работа с навигатором", "Обзвон больниц и расклейка"]),
                new("Школа безопасного леса", "B19", "123650025421", Workdays, [10, 11, 13], [90, 120, 180],
                    ["Урок о том, что делать, если потерялся", "Квест для третьих классов"]),
                new("Учения", "D33", "034544334432", Weekends, [9], [360, 480],
                    ["Ориентирование и радиосвязь", "Первая помощь в полевых условиях"]),
            ]),
        new(6, "Музей-усадьба «Липовая аллея»", ["RU-YAR", "RU-KOS", "RU-IVA", "RU-VLG"],
            [DemoAccounts.Coordinator(6)],
            [
                new("Смотритель выходного дня", "A12", AllYear, "1112389", [10, 11], [240, 300, 360],
                    ["Дежурство в голубой гостиной", "Встреча групп у парадного входа"]),
                new("Сад усадьбы", "A12", Warm, Weekends, [9, 10], [180, 240, 300],
                    ["Высадили розы у беседки", "Убирали листья в липовой аллее"]),
                new("Архив в цифре", "A30", "666553225666", Workdays, [12, 14], [150, 180, 240],
                    ["Сканировали письма, описали сорок листов", "Проверка распознанного текста описи"]),
                new("Ночь музеев", "A11", "000090000000", "0000199", [17, 18], [300, 360],
                    ["Экскурсии при свечах", "Концерт во дворе: сцена и свет"]),
            ]),
        new(7, "Природный парк «Кедровый распадок»", ["RU-IRK", "RU-BU", "RU-ZAB", "RU-KYA"],
            [DemoAccounts.Coordinator(7)],
            [
                new("Тропа", "E11", Summer, AnyDay, [8, 9], [360, 420, 480],
                    ["Ремонтировали настил у водопада", "Разметка маршрута и новые указатели"]),
                new("Чистый берег", "E12", Warm, Weekends, [9, 10], [240, 300, 360],
                    ["Собрали сорок мешков, сдали стекло", "Убирали берег после выходных"]),
                new("Счёт птиц", "E11", "221595338621", Weekends, [5, 6, 7], [180, 240, 300],
                    ["Учёт на озере: двадцать шесть видов", "Кольцевание, запись в журнал"]),
                new("Проводник по тропе", "E13", Summer, Weekends, [9, 10], [300, 360],
                    ["Школьная группа до кордона и обратно"]),
            ]),
        new(8, "Экологическое движение «Чистый исток»", ["RU-SVE", "RU-CHE", "RU-PER", "RU-TYU", "RU-BA"],
            [DemoAccounts.Coordinator(8)],
            [
                new("Раздельный сбор", "F40", AllYear, "1111198", [10, 11, 12], [180, 240],
                    ["Принимали пластик и бумагу, объясняли маркировку", "Погрузка и учёт: шестьсот килограммов"]),
                new("Родники", "E12", Warm, Weekends, [9, 10], [240, 300, 360],
                    ["Расчистили родник, поставили сруб", "Убрали русло до моста"]),
                new("Сад памяти", "E14", "000295003830", Weekends, [10], [180, 240],
                    ["Посадили сорок лип у школы"]),
                new("Экоурок", "G12", School, Workdays, [9, 10, 12], [60, 90, 120],
                    ["Три урока о воде в пятых классах", "Игра о сортировке для младших"]),
            ]),
        new(9, "Образовательный центр «Школа вместе»", ["RU-NVS", "RU-OMS", "RU-TOM", "RU-ALT", "RU-KEM"],
            [DemoAccounts.Coordinator(9)],
            [
                new("Репетитор-друг", "B32", School, Workdays, [15, 16, 17, 18], [60, 90, 120],
                    ["Дроби и задачи на движение", "Готовились к устному собеседованию", "Английский: времена и песни"]),
                new("Наставник", "D11", AllYear, AnyDay, [12, 15, 17], [120, 180, 240],
                    ["Ходили в планетарий", "Встреча с подростком из центра, говорили о профессиях"]),
                new("Летняя площадка", "A22", "000003995000", Workdays, [9, 10], [240, 300, 360],
                    ["Отряд на площадке, двадцать детей", "Игры во дворе и мастерская"]),
                new("Олимпиада дворов", "A21", "112454344321", Weekends, [11, 12], [180, 240],
                    ["Судейство эстафет", "Регистрация команд и награждение"]),
            ]),
        new(10, "Хоспис «Дом у реки»", ["RU-SAM", "RU-SAR", "RU-ORE", "RU-ULY", "RU-PNZ"],
            [DemoAccounts.Coordinator(10)],
            [
                new("Рядом с пациентом", "C31", AllYear, AnyDay, [10, 14, 16], [120, 150, 180],
                    ["Чтение вслух и прогулки в саду", "Кофе на террасе и разговор о даче"]),
                new("Сад хосписа", "C31", Warm, Weekends, [9, 10], [180, 240, 300],
                    ["Клумбы у террасы и новая дорожка"]),
                new("Выездная помощь", "C12", AllYear, Workdays, [9, 11, 15], [180, 240],
                    ["Отвезли кровать и средства ухода семье", "Передышка для родственников: четыре часа дома"]),
                new("Концерт в холле", "A11", "344554223348", Weekends, [15, 16], [90, 120],
                    ["Играли квартетом", "Пели по заявкам"]),
            ]),
        new(11, "Инклюзивный спортивный клуб «Равный старт»", ["RU-KDA", "RU-ROS", "RU-STA", "RU-VGG", "RU-AST"],
            [DemoAccounts.Coordinator(11)],
            [
                new("Тренировка вместе", "A21", AllYear, AnyDay, [10, 17, 18], [90, 120],
                    ["Плавание: страховка в воде", "Бочча и настольный теннис"]),
                new("Забег тандемов", "A21", "001486225831", "0000079", [7, 8], [240, 300, 360],
                    ["Ведущим десять километров", "Пункт питания на пятом километре"]),
                new("Доступный маршрут", "D13", AllYear, AnyDay, [10, 12, 15], [120, 180],
                    ["Сопровождение на соревнования", "Проверили двенадцать входов на доступность"]),
                new("Лагерь у моря", "D13", "000004999200", AnyDay, [8, 9], [360, 480],
                    ["Смена в лагере: подъём, тренировка, пляж"]),
            ]),
        new(12, "Общественная библиотека «Открытая страница»", ["RU-PRI", "RU-KHA", "RU-SAK", "RU-KAM", "RU-AMU"],
            [DemoAccounts.Coordinator(12)],
            [
                new("Читаем вслух", "A30", School, Weekends, [11, 12, 16], [60, 90, 120],
                    ["Чтение для дошкольников", "Вечер морских рассказов"]),
                new("Книга на дом", "D12", AllYear, Workdays, [10, 14, 16], [120, 150, 180],
                    ["Книги семи читателям", "Обмен крупношрифтовых, новые заявки"]),
                new("Говорящая книга", "D13", AllYear, AnyDay, [12, 18, 19], [90, 120, 180],
                    ["Записали три главы", "Монтаж и проверка записи"]),
                new("Ремонт книг", "A30", "677653225667", AnyDay, [12, 14], [120, 180],
                    ["Двадцать подклеенных корешков"]),
            ]),
    ];

    public static readonly string[] MenFamilies =
    [
        "Абрамов", "Беляков", "Васнецов", "Гришин", "Дорофеев", "Ежов", "Жилин", "Захаров", "Игнатов", "Калинин", "Лапин", "Мещеряков", "Назаров", "Осипов",
        "Панкратов", "Рогов", "Самсонов", "Тихомиров", "Ушаков", "Фомин", "Хохлов", "Цветков",
        "Чистяков", "Шубин", "Щукин", "Юдин", "Якушев", "Галиев", "Доржиев", "Мухин",
    ];

    public static readonly string[] MenGiven =
    [
        "Алексей", "Артём", "Борис", "Вадим", "Виктор", "Глеб", "Денис", "Егор", "Иван",
        "Илья", "Кирилл", "Лев", "Максим", "Михаил", "Никита", "Олег", "Роман", "Руслан",
        "Семён", "Степан", "Тимур", "Фёдор", "Юрий", "Ярослав",
    ];

    public static readonly string[] WomenGiven =
    [
        "Алина", "Анастасия", "Валентина", "Вера", "Галина", "Дарья", "Евгения", "Екатерина",
        "Елена", "Зоя", "Ирина", "Камилла", "Ксения", "Лариса", "Любовь", "Мария",
        "Надежда", "Наталья", "Полина", "Раиса", "Светлана", "София", "Татьяна", "Ульяна", "Юлия", "Яна",
    ];

    public static readonly (string Man, string Woman)[] Patronymics =
    [
        ("Алексеевич", "Алексеевна"), ("Андреевич", "Андреевна"), ("Борисович", "Борисовна"), ("Викторович", "Викторовна"), ("Григорьевич", "Григорьевна"),
        ("Дмитриевич", "Дмитриевна"), ("Евгеньевич", "Евгеньевна"), ("Иванович", "Ивановна"), ("Константинович", "Константиновна"), ("Маратович", "Маратовна"),
        ("Михайлович", "Михайловна"), ("Николаевич", "Николаевна"), ("Олегович", "Олеговна"),
        ("Павлович", "Павловна"), ("Сергеевич", "Сергеевна"), ("Юрьевич", "Юрьевна"),
    ];

    public static readonly string[] RejectionReasons =
    [
        "В этот день смена не проводилась", "Вас нет в листе регистрации", "Эти часы уже учтены в другой записи",
        "Работа выполнена для другой организации", "Проект был отменён из-за погоды",
    ];

    public static readonly string[] ReturnReasons =
    [
        "По листу регистрации смена была короче, поправьте время", "Укажите, в каком проекте вы участвовали",
        "Проверьте дату: занятие было днём раньше", "Выберите другой вид работ",
    ];

    public static readonly string[] WithdrawalReasons = ["Ошиблась датой", "Внесено дважды", "Указана не та организация", "Участие не состоялось"];

    public const string CorrectionReason = "Исправлено по замечанию координатора";

    public static readonly string[] Messages =
    [
        "Уже участвую в других проектах, хочу продолжить", "Есть свободные выходные и машина", "Первый раз, хочу научиться",
        "Могу приехать пораньше и помочь с подготовкой", "Учусь рядом, удобно добираться",
    ];
}
