using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using HaukiOS.Secrets;
using HaukiOS.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Swarm;

/// <summary>Every public vector of our patterns and primitives, byte for byte, both sides.</summary>
[TestFixture]
public sealed class NoiseVectorTests
{
    private static readonly JsonElement[] Vectors = ReadVectors();

    public static IEnumerable<TestCaseData> Names => Vectors.Select((vector, index) =>
        new TestCaseData(index).SetArgDisplayNames(Text(vector, "protocol") + " of " + Text(vector, "source")));

    [Test]
    public void There_are_vectors_of_every_pattern()
    {
        string[] protocols = Vectors.Select(vector => Text(vector, "protocol")).ToArray();
        foreach (string pattern in new[] { "NN", "NK", "KK", "IK", "XX" })
        {
            Assert.That(protocols, Has.Some.StartsWith($"Noise_{pattern}_"));
            Assert.That(protocols, Has.Some.StartsWith($"Noise_{pattern}psk"));
        }

        Assert.That(Vectors, Has.Length.EqualTo(26));
    }

    [TestCaseSource(nameof(Names))]
    public void Both_sides_say_what_the_vector_says(int index)
    {
        JsonElement vector = Vectors[index];
        using HandshakeState initiator = Side(vector, "initiator", true);
        using HandshakeState responder = Side(vector, "responder", false);
        CipherState? forth = null, forthOpener = null, back = null, backOpener = null;
        bool fromInitiator = true;
        foreach (JsonElement message in vector.GetProperty("messages").EnumerateArray())
        {
            byte[] payload = Hex.Parse(message[0].GetString()!), expected = Hex.Parse(message[1].GetString()!);
            byte[] written = new byte[expected.Length], read = new byte[expected.Length];
            int length;
            if (!initiator.IsFinished)
            {
                HandshakeState sender = fromInitiator ? initiator : responder;
                HandshakeState receiver = fromInitiator ? responder : initiator;
                Assert.That(sender.NextOverhead, Is.EqualTo(expected.Length - payload.Length));
                Assert.That(sender.Write(payload, written), Is.EqualTo(expected.Length));
                Assert.That(receiver.TryRead(written, read, out length), Is.True);
            }
            else
            {
                if (forth is null)
                {
                    initiator.Split(out forth, out backOpener);
                    responder.Split(out back, out forthOpener);
                }

                Assert.That((fromInitiator ? forth : back)!.TryEncrypt(default, payload, written, out _), Is.True);
                CipherState opener = (fromInitiator ? forthOpener : backOpener)!;
                Assert.That(opener.TryDecrypt(default, written, read, out length), Is.True);
            }

            Assert.That(Hex.Format(written), Is.EqualTo(Hex.Format(expected)));
            Assert.That(Hex.Format(read.AsSpan(0, length)), Is.EqualTo(Hex.Format(payload)));
            fromInitiator = !fromInitiator;
        }

        Assert.That(forth, Is.Not.Null);
        CheckHash(vector, initiator, responder);
    }

    private static void CheckHash(JsonElement vector, HandshakeState initiator, HandshakeState responder)
    {
        Assert.That(Hex.Format(initiator.Hash), Is.EqualTo(Hex.Format(responder.Hash)));
        if (Text(vector, "hash").Length > 0)
        {
            Assert.That(Hex.Format(initiator.Hash), Is.EqualTo(Text(vector, "hash")));
        }
    }

    private static HandshakeState Side(JsonElement vector, string side, bool isInitiator)
    {
        byte[] own = Hex.Parse(Text(vector, side + "Static"));
        var protocol = NoiseProtocol.Parse(Text(vector, "protocol"));
        var random = new FixedRandom(Hex.Parse(Text(vector, side + "Ephemeral")));
        return new HandshakeState(new HandshakeParts(protocol, isInitiator, random)
        {
            Prologue = Hex.Parse(Text(vector, "prologue")),
            Static = own.Length > 0 ? new KeyPair(own) : null,
            RemoteStatic = Hex.Parse(Text(vector, side + "Knows")),
            Psks = vector.GetProperty("psks").EnumerateArray().Select(psk => Secret(psk.GetString()!)).ToArray(),
        });
    }

    private static SecretBytes Secret(string hex)
    {
        var secret = new SecretBytes(hex.Length / 2);
        Hex.Parse(hex).CopyTo(secret.Span);
        return secret;
    }

    private static string Text(JsonElement vector, string name) => vector.GetProperty(name).GetString()!;

    private static JsonElement[] ReadVectors()
    {
        using Stream stream = typeof(NoiseVectorTests).Assembly.GetManifestResourceStream("noise-vectors.json")!;
        return JsonDocument.Parse(stream).RootElement.EnumerateArray().ToArray();
    }
}
