// Linux without a container engine: the same system as native processes. The options are those of `./volunteerbook up`.
return await VolunteerBook.Native.Commands.RunAsync(["up", .. args]);
