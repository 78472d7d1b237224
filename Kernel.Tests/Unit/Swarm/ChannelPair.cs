using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Swarm;

namespace HaukiOS.Tests.Unit.Swarm;

/// <summary>Two channels and a wire between them that the test can reach into.</summary>
internal sealed class ChannelPair : IDisposable
{
    public const string Xx = "Noise_XX_25519_ChaChaPoly_BLAKE2s";

    public ChannelPair(
        Func<ChannelSettings, ChannelSettings>? initiator = null,
        Func<ChannelSettings, ChannelSettings>? responder = null)
    {
        InitiatorKeys = KeyPair.Generate(new FixedRandom(1));
        ResponderKeys = KeyPair.Generate(new FixedRandom(2));
        var one = new ChannelSettings(Xx, true, "test", new FixedRandom(3)) { Static = InitiatorKeys };
        var other = new ChannelSettings(Xx, false, "test", new FixedRandom(4)) { Static = ResponderKeys };
        Initiator = new SecureChannel(initiator?.Invoke(one) ?? one, Now);
        Responder = new SecureChannel(responder?.Invoke(other) ?? other, Now);
    }

    public KeyPair InitiatorKeys { get; }

    public KeyPair ResponderKeys { get; }

    public SecureChannel Initiator { get; }

    public SecureChannel Responder { get; }

    public Instant Now { get; set; } = Instant.PowerOn;

    /// <summary>Changes what goes over the wire: from whom, and the bytes.</summary>
    public Func<SecureChannel, byte[], byte[]> Wire { get; set; } = static (_, bytes) => bytes;

    /// <summary>Carries bytes and works until both sides have nothing more to do.</summary>
    /// <param name="chunk">The most bytes at a time.</param>
    public void Run(int chunk = int.MaxValue)
    {
        while (Move(Initiator, Responder, chunk) | Move(Responder, Initiator, chunk))
        {
        }
    }

    /// <summary>Everything that one side has received, message by message.</summary>
    public List<byte[]> ReceiveAll(SecureChannel side)
    {
        var messages = new List<byte[]>();
        do
        {
            while (side.HasMessage)
            {
                messages.Add(side.Message.ToArray());
                side.ConsumeMessage();
            }

            Run();
        }
        while (side.HasMessage);
        return messages;
    }

    public void Dispose()
    {
        Initiator.Dispose();
        Responder.Dispose();
        InitiatorKeys.Dispose();
        ResponderKeys.Dispose();
    }

    private bool Move(SecureChannel from, SecureChannel to, int chunk)
    {
        bool moved = from.HasWork;
        from.Step(Now);
        ReadOnlySpan<byte> output = from.Output;
        if (output.IsEmpty || to.HasWork || to.HasMessage)
        {
            return moved | to.HasWork;
        }

        byte[] original = output.Slice(0, Math.Min(chunk, output.Length)).ToArray();
        byte[] bytes = Wire(from, original);
        int taken = to.Feed(bytes);
        if (!ReferenceEquals(bytes, original))
        {
            from.ConsumeOutput(original.Length);
            return true;
        }

        from.ConsumeOutput(taken);
        return moved | taken > 0;
    }
}
