using VolunteerBook.Vacancies.Applications;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies;

/// <summary>All that Vacancies answers over HTTP.</summary>
internal static class Endpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        PublishVacancyEndpoint.Map(api);
        CloseVacancyEndpoint.Map(api);
        GetVacancyEndpoint.Map(api);
        ListVacanciesEndpoint.Map(api);
        ApplyEndpoint.Map(api);
        WithdrawApplicationEndpoint.Map(api);
        AcceptApplicationEndpoint.Map(api);
        DeclineApplicationEndpoint.Map(api);
        RecordAttendanceEndpoint.Map(api);
        GetApplicationEndpoint.Map(api);
        GetApplicationHistoryEndpoint.Map(api);
        ListOwnApplicationsEndpoint.Map(api);
        ListVacancyApplicationsEndpoint.Map(api);
    }
}
