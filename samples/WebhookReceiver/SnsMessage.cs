namespace WebhookReceiver;

/// <summary>A message of Amazon SNS, whose signature is right.</summary>
/// <param name="Type">What it is.</param>
/// <param name="MessageId">Its id, which it keeps where it is sent again.</param>
/// <param name="SubscribeUrl">Where a subscription is confirmed.</param>
internal sealed record SnsMessage(string Type, string MessageId, Uri? SubscribeUrl);
