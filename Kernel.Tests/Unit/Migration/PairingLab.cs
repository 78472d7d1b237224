using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Migration;
using HaukiOS.Net;
using HaukiOS.Swarm;
using HaukiOS.Tests.Unit.Swarm;

namespace HaukiOS.Tests.Unit.Migration;

/// <summary>
/// A machine that stands by, a machine whose node wants to move, and others, all at one wire: stacks of our own. Time
/// passes only when the test says so.
/// </summary>
internal sealed class PairingLab : IDisposable
{
    private readonly byte[] room = new byte[INetworkDevice.FrameMax];
    private readonly FixedRandom random;
    private Instant nextBeat;

    public PairingLab(int seed)
    {
        random = new FixedRandom(seed);
        TargetKey = KeyPair.Generate(random);
        SourceKey = KeyPair.Generate(random);
        Code = PairingCode.Generate(random);
        for (byte i = 1; i <= 3; i++)
        {
            byte[] secret = new byte[NetworkStack.SecretLength];
            secret[0] = i;
            var stack = new NetworkStack(new MacAddress(0x0200_0000_0100u + i), secret);
            stack.Configure(
                new InterfaceConfiguration(AddressOf(i), 24, AddressOf(254)), Now, probe: false);
            Stacks.Add(stack);
        }

        Pass(3_000);
    }

    public Instant Now { get; private set; } = Instant.PowerOn;

    /// <summary>The target's, the source's, and a third one.</summary>
    public List<NetworkStack> Stacks { get; } = [];

    public KeyPair TargetKey { get; }

    public KeyPair SourceKey { get; }

    public PairingCode Code { get; }

    public PairingServer? Server { get; private set; }

    public Func<MoveOffer, string?> Judge { get; set; } = static _ => null;

    public Func<Fingerprint, bool>? Knows { get; set; }

    public MoveSide TargetSide { get; set; } = Side(1, 0x0783_FBFF);

    public MoveOffer Offer { get; set; } = new()
    {
        Source = Side(2, 0x0783_FBFF),
        Pages = 12_345,
        LiveSectors = 1000,
        Address = AddressOf(2),
        HasStore = true,
    };

    /// <summary>Is this frame lost? Sender, number.</summary>
    public Func<int, int, bool> Loses { get; set; } = static (_, _) => false;

    public int Frames { get; private set; }

    public static Ipv4Address AddressOf(byte host) => Ipv4Address.Of(10, 0, 0, host);

    public static MoveSide Side(byte host, uint features) => new()
    {
        Profile = new MachineProfile
        {
            Features = features,
            MemoryBytes = 256L << 20,
            FreeBytes = 200L << 20,
            BuildId = new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, host },
        },
        DiskSectors = 16_384,
        Station = new MacAddress(0x0200_0000_0100u + host),
        ReceiveCapacity = 16_384,
    };

    public PairingServer StandBy(bool hasCode = true)
    {
        Server = new PairingServer(
            new PairingHost(TargetKey, random, () => TargetSide, offer => Judge(offer))
            {
                Code = hasCode ? Code : null,
                Knows = Knows,
            },
            Now);
        Server.Start(Stacks[0], PairingProtocol.Port);
        return Server;
    }

    public PairingClient Begin(PairingCode? code, Fingerprint? expected = null, int from = 1) => new(
        new PairingOrder(AddressOf(1), SourceKey, random, Offer) { Code = code, ExpectedPeer = expected },
        Stacks[from],
        Now);

    /// <summary>Lets a client come to its end.</summary>
    public PairingClient Run(PairingClient client, int milliseconds = 30_000)
    {
        for (int i = 0; i < milliseconds / 10 && client.State == PairingState.Running; i++)
        {
            while (client.Step(Now))
            {
                Exchange();
            }

            Pass(10);
        }

        Pass(200);
        return client;
    }

    public void Pass(long milliseconds)
    {
        for (Instant end = Now.AddMilliseconds(milliseconds); Now < end; Now = Now.AddMilliseconds(10))
        {
            Exchange();
        }
    }

    public void Dispose()
    {
        Code.Dispose();
        TargetKey.Dispose();
        SourceKey.Dispose();
    }

    private void Exchange()
    {
        for (bool moved = true; moved;)
        {
            moved = false;
            if (Server is not null && Now >= nextBeat)
            {
                nextBeat = Now.AddMilliseconds(100);
                Server.OnBeat(Now);
            }

            Server?.Step(Now);
            for (int i = 0; i < Stacks.Count; i++)
            {
                moved |= Turn(i);
            }
        }
    }

    private bool Turn(int index)
    {
        NetworkStack stack = Stacks[index];
        if (stack.TryGetNextDue(out Instant due) && due <= Now)
        {
            stack.Advance(Now);
        }

        while (stack.Ready.Take() is NetSocket socket)
        {
            socket.Owner?.OnSocketReady(socket, Now);
        }

        bool moved = false;
        for (int length = stack.Transmit(room, Now); length > 0; length = stack.Transmit(room, Now))
        {
            moved = true;
            byte[] frame = room.AsSpan(0, length).ToArray();
            if (Loses(index, Frames++))
            {
                continue;
            }

            for (int other = 0; other < Stacks.Count; other++)
            {
                if (other != index)
                {
                    Stacks[other].OnFrame(frame, Now);
                }
            }
        }

        return moved;
    }
}
