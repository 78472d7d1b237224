; For the drill alone (JumpDrill.cs): a departure with something in every register that a departure preserves, and a
; look at each when it has ended, here or elsewhere.
bits 32

extern HaukiDepart
global HaukiDepartWithFullRegisters, HaukiDrillDamage

FPU_STATE_SIZE  equ 512
MXCSR_ROUND_UP  equ 0x5F80          ; all masked, round up
CONTROL_DOWN    equ 0x067F          ; all masked, 53 bits, round down
VALUE_EBX       equ 0xB0B0_0001
VALUE_ESI       equ 0x5151_0002
VALUE_EDI       equ 0xD1D1_0003
VALUE_EBP       equ 0xEBEB_0004

section .text

; As HaukiDepart.
HaukiDepartWithFullRegisters:
    push ebp
    push ebx
    push esi
    push edi
    mov eax, [esp + 20]
    push eax                        ; the function, which HaukiDepart takes off
    fninit
    fldcw [control_down]
    fldpi
    fldl2e
    fldln2
    fldl2t
    fldlg2
    fld1
    fldz
    fldpi
    ldmxcsr [mxcsr_round_up]
    movups xmm0, [pattern]
    movups xmm1, [pattern + 1]
    movups xmm2, [pattern + 2]
    movups xmm3, [pattern + 3]
    movups xmm4, [pattern + 4]
    movups xmm5, [pattern + 5]
    movups xmm6, [pattern + 6]
    movups xmm7, [pattern + 7]
    fxsave [before]
    mov ebx, VALUE_EBX
    mov esi, VALUE_ESI
    mov edi, VALUE_EDI
    mov ebp, VALUE_EBP
    call HaukiDepart
    fxsave [after]
    xor edx, edx
    cmp ebx, VALUE_EBX
    setne dl
    cmp esi, VALUE_ESI
    setne dh
    or dl, dh
    cmp edi, VALUE_EDI
    setne dh
    or dl, dh
    cmp ebp, VALUE_EBP
    setne dh
    or dl, dh
    movzx edx, dl
    or [damage], edx
    fninit
    ldmxcsr [default_mxcsr]
    cld
    mov esi, before                 ; control, status and tag words
    mov edi, after
    mov ecx, 6
    call compare
    mov esi, before + 24            ; MXCSR and its mask, ST0 to ST7, XMM0 to XMM7
    mov edi, after + 24
    mov ecx, 288 - 24
    call compare
    pop edi
    pop esi
    pop ebx
    pop ebp
    ret 4

; ESI, EDI = what to compare, ECX = bytes. Keeps EAX.
compare:
    repe cmpsb
    je .equal
    or dword [damage], 2
.equal:
    ret

HaukiDrillDamage:
    mov eax, damage
    ret

section .rdata
align 4
control_down:   dw CONTROL_DOWN, 0
mxcsr_round_up: dd MXCSR_ROUND_UP
default_mxcsr:  dd 0x1F80
pattern:        db "A pike swims up to 23 km/h."

section .bss
alignb 16
before: resb FPU_STATE_SIZE
after:  resb FPU_STATE_SIZE
damage: resd 1
