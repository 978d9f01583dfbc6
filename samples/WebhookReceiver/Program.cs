// Between the services whose webhooks are wanted and the lake: they cannot send the lake's key, but they sign what they
// send. What is signed by them goes on to the lake, through the mappings of samples/webhooks; all else is 401.
//
//   lake serve --keys keys.txt &
//   dotnet run --project samples/WebhookReceiver -- --ConnectionStrings:lake='Endpoint=http://127.0.0.1:5080;Key=...' --Webhooks:SendGridKey=...

using WebhookReceiver;

Receiver.Build(args).Run();
