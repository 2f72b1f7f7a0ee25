//go:build !purego

#include "textflag.h"

// The tables are those that internal/asm/utf8.go explains: what can be wrong
// with two octets, by the high nibble of the first, its low nibble and the high
// nibble of the second. The two last ones say by the high nibble of an octet
// whether the second octet behind it must be a continuation, and the third.
DATA tables<>+0x00(SB)/8, $0x0202020202020202
DATA tables<>+0x08(SB)/8, $0x4915012180808080
DATA tables<>+0x10(SB)/8, $0xcbcbcb8b8383a3e7
DATA tables<>+0x18(SB)/8, $0xcbcbdbcbcbcbcbcb
DATA tables<>+0x20(SB)/8, $0x0101010101010101
DATA tables<>+0x28(SB)/8, $0x01010101babaaee6
DATA tables<>+0x30(SB)/8, $0x0000000000000000
DATA tables<>+0x38(SB)/8, $0x8080000000000000
DATA tables<>+0x40(SB)/8, $0x0000000000000000
DATA tables<>+0x48(SB)/8, $0x8000000000000000
GLOBL tables<>(SB), RODATA|NOPTR, $80

// V16 to V20: the tables. V21: 0F in each octet.
// FAULTS sets into to what is wrong with the octets of current, which follow
// those of before. It uses V24 to V29.
#define FAULTS(before, current, into) \
	VEXT  $15, current.B16, before.B16, V24.B16 \
	VEXT  $14, current.B16, before.B16, V25.B16 \
	VEXT  $13, current.B16, before.B16, V26.B16 \
	VUSHR $4, V24.B16, V27.B16                  \
	VAND  V21.B16, V24.B16, V28.B16             \
	VUSHR $4, current.B16, V29.B16              \
	VTBL  V27.B16, [V16.B16], V27.B16           \
	VTBL  V28.B16, [V17.B16], V28.B16           \
	VTBL  V29.B16, [V18.B16], V29.B16           \
	VAND  V28.B16, V27.B16, V27.B16             \
	VAND  V29.B16, V27.B16, V27.B16             \
	VUSHR $4, V25.B16, V25.B16                  \
	VUSHR $4, V26.B16, V26.B16                  \
	VTBL  V25.B16, [V19.B16], V25.B16           \
	VTBL  V26.B16, [V20.B16], V26.B16           \
	VORR  V26.B16, V25.B16, V25.B16             \
	VEOR  V25.B16, V27.B16, into.B16

// ANY sets into to a number that is zero if v is.
#define ANY(v, into) \
	VMOV v.D[0], R6 \
	VMOV v.D[1], R7 \
	ORR  R6, R7, into

// func scanNEON(p []byte) int
TEXT ·scanNEON(SB), NOSPLIT, $0-32
	MOVD p_base+0(FP), R0
	MOVD p_len+8(FP), R1
	MOVD $0, R2                 // octets looked at
	MOVD $tables<>(SB), R3
	VLD1.P 64(R3), [V16.B16, V17.B16, V18.B16, V19.B16]
	VLD1 (R3), [V20.B16]
	VMOVI $15, V21.B16
	VEOR V7.B16, V7.B16, V7.B16 // the block before
	MOVD $0x8080808080808080, R8

four:
	SUB    R2, R1, R4
	CMP    $64, R4
	BLT    one
	VLD1.P 64(R0), [V0.B16, V1.B16, V2.B16, V3.B16]
	VORR   V0.B16, V1.B16, V4.B16
	VORR   V2.B16, V3.B16, V5.B16
	VORR   V4.B16, V5.B16, V4.B16
	VORR   V7.B16, V4.B16, V4.B16 // a character begun there is no ASCII
	ANY(V4, R5)
	TST    R8, R5
	BEQ    passed
	FAULTS(V7, V0, V4)
	FAULTS(V0, V1, V5)
	VORR   V5.B16, V4.B16, V4.B16
	FAULTS(V1, V2, V5)
	VORR   V5.B16, V4.B16, V4.B16
	FAULTS(V2, V3, V5)
	VORR   V5.B16, V4.B16, V4.B16
	ANY(V4, R5)
	CBNZ   R5, done

passed:
	VMOV V3.B16, V7.B16
	ADD  $64, R2
	B    four

one:
	SUB    R2, R1, R4
	CMP    $16, R4
	BLT    done
	VLD1.P 16(R0), [V0.B16]
	FAULTS(V7, V0, V4)
	ANY(V4, R5)
	CBNZ   R5, done
	VMOV   V0.B16, V7.B16
	ADD    $16, R2
	B      one

done:
	MOVD R2, ret+24(FP)
	RET
