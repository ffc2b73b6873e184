using VolunteerBook.Native;

return await Commands.RunAsync(args);
