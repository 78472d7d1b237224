using System;
using System.Collections.Generic;
using System.Text;
using HaukiOS.Drivers.Keyboard;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>Scancodes, and the controller that delivers them.</summary>
[TestFixture]
public sealed class KeyboardTests
{
    private const byte Shift = 0x2A;
    private const byte Control = 0x1D;
    private const byte Caps = 0x3A;
    private const byte KeyA = 0x1E;
    private const byte KeyC = 0x2E;
    private const byte Key1 = 0x02;
    private const byte Released = 0x80;

    [TestCase(new byte[] { KeyA, KeyA | Released }, "a")]
    [TestCase(new byte[] { Shift, KeyA, Shift | Released, KeyA }, "Aa")]
    [TestCase(new byte[] { 0x36, Key1, 0x36 | Released, Key1 }, "!1")]
    [TestCase(new byte[] { Caps, Caps | Released, KeyA, Key1, Caps, Caps | Released, KeyA }, "A1a")]
    [TestCase(new byte[] { Caps, Shift, KeyA }, "a")]
    [TestCase(new byte[] { Control, KeyC, Control | Released, KeyC }, "\u0003c")]
    [TestCase(new byte[] { 0xE0, Control, KeyA }, "\u0001")]
    [TestCase(new byte[] { 0x1C, 0xE0, 0x1C, 0x0E, 0x0F, 0x39 }, "\r\r\u007F\t ")]
    [TestCase(new byte[] { 0xE0, 0x48, 0xE0, 0x53 }, "\u001B[A\u001B[3~")]
    [TestCase(new byte[] { 0xE0, 0x2A, 0xE0, 0x4B, KeyA }, "\u001B[Da")]
    [TestCase(new byte[] { 0xE1, 0x1D, 0x45, 0xE1, 0x9D, 0xC5, KeyA }, "a")]
    [TestCase(new byte[] { 0x47, 0x45, 0xC5, 0x47, 0x4A }, "7\u001B[H-")]
    [TestCase(new byte[] { 0xE0, 0x35, 0x35, 0x2B }, "//\\")]
    [TestCase(new byte[] { 0x3B, 0x57, 0x00, 0x7F, 0xFF, 0xE0, 0x5B }, "")]
    public void Keys_become_the_bytes_that_a_terminal_sends(byte[] codes, string expected) =>
        Assert.That(Decode(codes), Is.EqualTo(expected));

    [Test]
    public void Every_sequence_of_codes_is_survived()
    {
        ScancodeDecoder decoder = new();
        byte[] into = new byte[ScancodeDecoder.BytesPerKeyMax];
        Random random = new(4);
        for (int i = 0; i < 200_000; i++)
        {
            Assert.That(decoder.Decode((byte)random.Next(256), into), Is.InRange(0, into.Length));
        }
    }

    [Test]
    public void A_machine_without_controller_has_no_keyboard() =>
        Assert.That(KeyboardController.Probe(new SimulatedPorts(), new SteppingClock(100_000)), Is.Null);

    [TestCase(true)]
    [TestCase(false)]
    public void A_controller_is_set_up_whether_or_not_a_keyboard_hangs_on_it(bool hasKeyboard)
    {
        (SimulatedController chip, KeyboardController? keyboard) = Connect(hasKeyboard);
        Assert.That(keyboard, Is.Not.Null);
        Assert.That(chip.Configuration & 0x53, Is.EqualTo(0x41), "interrupt on, keyboard on, translated to set 1");

        chip.Press(KeyA);
        keyboard!.OnInterrupt();
        Assert.That(keyboard.TryRead(out byte value), Is.True);
        Assert.That(value, Is.EqualTo((byte)'a'));
        Assert.That(keyboard.TryRead(out _), Is.False);
    }

    [Test]
    public void A_dead_controller_is_given_up()
    {
        SimulatedPorts ports = new();
        ports.Add(0x60, 5, new SimulatedController(hasKeyboard: true) { IsDead = true });
        Assert.That(KeyboardController.Probe(ports, new SteppingClock(100_000)), Is.Null);
    }

    [Test]
    public void Typing_ahead_stops_at_the_bound_and_goes_on_after_reading()
    {
        (SimulatedController chip, KeyboardController? keyboard) = Connect(hasKeyboard: true);
        for (int i = 0; i < KeyboardController.TypedCapacity + 50; i++)
        {
            chip.Press(KeyA);
            keyboard!.OnInterrupt();
        }

        int count = 0;
        while (keyboard!.TryRead(out _))
        {
            count++;
        }

        Assert.That(count, Is.EqualTo(KeyboardController.TypedCapacity));
        chip.Press(Key1);
        keyboard.OnInterrupt();
        Assert.That(keyboard.TryRead(out byte value) ? value : 0, Is.EqualTo((byte)'1'));
    }

    [Test]
    public void Another_machines_controller_is_configured_and_no_key_is_held_down()
    {
        (SimulatedController chip, KeyboardController? keyboard) = Connect(hasKeyboard: true);
        chip.Press(Shift);
        keyboard!.OnInterrupt();
        chip.Configuration = 0x30;
        chip.Press(Key1);
        Assert.That(keyboard.TryRestart(), Is.True);
        Assert.That(chip.Configuration & 0x53, Is.EqualTo(0x41));
        chip.Press(KeyA);
        keyboard.OnInterrupt();
        Assert.That(keyboard.TryRead(out byte value) ? value : 0, Is.EqualTo((byte)'a'));
        Assert.That(keyboard.TryRead(out _), Is.False, "what was typed there before is gone");

        chip.IsDead = true;
        Assert.That(keyboard.TryRestart(), Is.False);
    }

    private static string Decode(byte[] codes)
    {
        ScancodeDecoder decoder = new();
        StringBuilder text = new();
        byte[] into = new byte[ScancodeDecoder.BytesPerKeyMax];
        foreach (byte code in codes)
        {
            int count = decoder.Decode(code, into);
            text.Append(Encoding.ASCII.GetString(into, 0, count));
        }

        return text.ToString();
    }

    private static (SimulatedController Chip, KeyboardController? Keyboard) Connect(bool hasKeyboard)
    {
        SimulatedPorts ports = new();
        SimulatedController chip = new(hasKeyboard);
        ports.Add(0x60, 5, chip);
        return (chip, KeyboardController.Probe(ports, new SteppingClock(100_000)));
    }

    private sealed class SimulatedController(bool hasKeyboard) : ISimulatedDevice
    {
        private readonly Queue<byte> output = new(new byte[] { 0x11, 0x22 }); // something typed at the BIOS
        private byte expects;

        public bool IsDead { get; set; }

        public byte Configuration { get; set; } = 0x30;

        public void Press(byte code) => output.Enqueue(code);

        public uint Read(int offset, int width) => offset switch
        {
            0 => output.Count > 0 ? output.Dequeue() : (byte)0,
            4 => IsDead ? 0x02u : output.Count > 0 ? 1u : 0u,
            _ => 0xFF,
        };

        public void Write(int offset, int width, uint value)
        {
            if (offset == 0 && expects == 0x60)
            {
                Configuration = (byte)value;
                expects = 0;
            }
            else if (offset == 0 && hasKeyboard)
            {
                output.Enqueue(0xFA);
            }
            else if (offset == 4)
            {
                expects = (byte)value;
                if (value == 0xAA)
                {
                    output.Enqueue(0x55);
                }
                else if (value == 0x20)
                {
                    output.Enqueue(Configuration);
                }
            }
        }
    }
}
