using OrleansLake.Silo;

return await SiloProgram.RunAsync(args);
