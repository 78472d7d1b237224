using System;
using System.Collections.Generic;
using System.Text;
using HaukiOS.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Swarm;

[TestFixture]
public sealed class SecureChannelTests
{
    [Test]
    public void Two_sides_agree_and_talk()
    {
        using var pair = new ChannelPair();
        pair.Run(7);
        Assert.That(pair.Initiator.State, Is.EqualTo(ChannelState.Open), pair.Initiator.Error.Sentence());
        Assert.That(pair.Responder.State, Is.EqualTo(ChannelState.Open), pair.Responder.Error.Sentence());
        Assert.That(pair.Initiator.RemoteStatic.SequenceEqual(pair.ResponderKeys.PublicKey));
        Assert.That(pair.Responder.RemoteStatic.SequenceEqual(pair.InitiatorKeys.PublicKey));
        Assert.That(pair.Initiator.Hash.SequenceEqual(pair.Responder.Hash));

        Assert.That(pair.Initiator.TrySend("ping"u8));
        Assert.That(pair.Responder.TrySend("pong"u8, 100));
        pair.Run(3);
        Assert.That(Encoding.UTF8.GetString(pair.Responder.Message), Is.EqualTo("ping"));
        Assert.That(Encoding.UTF8.GetString(pair.Initiator.Message), Is.EqualTo("pong"));
        pair.Responder.ConsumeMessage();
        pair.Initiator.ConsumeMessage();

        pair.Initiator.Close();
        pair.Run();
        Assert.That(pair.Responder.IsReceiveClosed);
        Assert.That(pair.Responder.TrySend("one more"u8));
        pair.Responder.Close();
        List<byte[]> last = pair.ReceiveAll(pair.Initiator);
        Assert.That(last, Is.EqualTo(new[] { "one more"u8.ToArray() }));
        Assert.That(pair.Initiator.State, Is.EqualTo(ChannelState.Closed));
        Assert.That(pair.Responder.State, Is.EqualTo(ChannelState.Closed));
    }
}
