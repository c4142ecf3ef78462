"""The household of the pack `jingmen`, typed. Generated from the vocabulary of the pack; do not edit."""

# ruff: noqa: E501, I001
from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from jmentitle.profile.models import Day, FactsModel, Given, Id, Money, Number, PackName, Several, Truth, Whole

HukouArea = Literal["urban", "county_town", "rural"]
EmergencyEvent = Literal["no_sudden_event", "fire", "traffic_accident", "other_accident", "sudden_serious_illness", "other_sudden_event"]
Evacuation = Literal["not_evacuated", "housed_collectively", "housed_dispersed"]
HouseDamage = Literal["undamaged", "lightly_damaged", "severely_damaged", "collapsed"]
HomeTenure = Literal["owner", "public_tenant", "private_tenant", "other_occupier"]
DwellingGrade = Literal["safe", "grade_c", "grade_d"]
DeceasedCircumstance = Literal["in_employee_scheme", "in_resident_scheme", "drew_unemployment_benefit", "died_from_work_injury", "was_on_dibao", "was_destitute", "was_key_veteran"]
ServicemanDeath = Literal["no_serviceman_death", "recognised_martyr", "died_on_duty", "died_of_illness"]
ParentSituation = Literal["able", "dead", "declared_missing", "not_found", "severe_disability", "serious_illness", "serving_sentence", "drug_isolation", "other_custody", "out_of_contact", "unable_otherwise"]
ParentsAway = Literal["neither_away", "one_away", "both_away"]
ChildDifficulty = Literal["poverty_hardship", "disability_hardship", "guardianship_unsafe"]
Sex = Literal["female", "male"]
Relation = Literal["self", "spouse", "parent", "child", "grandparent", "grandchild", "sibling", "other_relation"]
MaritalStatus = Literal["never_married", "married", "divorced", "widowed"]
LivingSetting = Literal["at_home", "in_hospital", "welfare_home", "nursing_home", "child_welfare_institution", "glory_home", "in_custody"]
CriminalStatus = Literal["no_sentence", "fixed_term_prison", "life_or_death_sentence", "political_rights_lost", "wanted_by_police"]
DisabilityGrade = Literal["none", "grade_1", "grade_2", "grade_3", "grade_4"]
DisabilityType = Literal["visual", "hearing", "speech", "limb", "intellectual", "mental", "multiple"]
SelfCareLevel = Literal["self_able", "partly_disabled", "fully_disabled"]
SchoolStage = Literal["not_in_school", "kindergarten", "primary", "junior", "senior_general", "secondary_vocational", "university", "postgraduate"]
SchoolOwnership = Literal["public_school", "private_school"]
VocationalMajor = Literal["agriculture_major", "arts_performance_major", "opera_performance_major", "other_major"]
EducationLevel = Literal["below_junior", "junior_graduate", "senior_graduate", "vocational_graduate", "college_degree"]
PupilPlacement = Literal["regular_class", "regular_class_with_support", "special_school", "home_teaching"]
Diagnosis = Literal["essential_hypertension", "secondary_hypertension", "type_2_diabetes", "other_diabetes", "schizophrenia", "schizoaffective_disorder", "paranoid_psychosis", "bipolar_disorder", "epileptic_psychosis", "psychosis_with_intellectual_disability", "pulmonary_tuberculosis", "resistant_tuberculosis", "autism", "other_serious_illness", "other_illness"]
InfectionStatus = Literal["not_infected", "notifiable_patient", "suspected_patient", "close_contact"]
ComplicationGrade = Literal["no_complication", "grade_1", "grade_2", "grade_3"]
LegalSupporters = Literal["no_supporter", "all_incapable", "some_capable"]
InjuryCircumstance = Literal["no_injury", "accident_at_work", "preparation_or_closing_work", "violence_on_duty", "occupational_disease", "business_trip", "commuting_without_main_fault", "sudden_illness_at_post", "rescue_in_public_interest", "old_military_wound", "other_circumstance"]
InjuryGrade = Literal["ungraded", "grade_1", "grade_2", "grade_3", "grade_4", "grade_5", "grade_6", "grade_7", "grade_8", "grade_9", "grade_10"]
InjuryCareLevel = Literal["no_care", "partial_care", "most_care", "full_care"]
InjurySurvivor = Literal["not_injury_survivor", "surviving_spouse", "other_dependant"]
CareAssessmentLevel = Literal["not_assessed", "mild", "moderate", "severe"]
CareSetting = Literal["no_formal_care", "home_part_time", "home_full_time", "care_home", "hospital_care"]
PensionScheme = Literal["no_pension_scheme", "employee_scheme", "resident_scheme", "public_service_scheme"]
ResidentSchemeStartGroup = Literal["already_sixty", "within_fifteen_years", "younger"]
MedicalCover = Literal["no_medical_cover", "employee_cover", "resident_cover", "other_cover"]
MaternityEvent = Literal["no_maternity_event", "birth", "miscarriage", "family_planning_operation"]
TreatmentOtherPayer = Literal["no_other_payer", "payer_work_injury", "payer_third_party", "third_party_does_not_pay", "payer_public_health", "treated_abroad"]
LabourDisputeMatter = Literal["no_dispute", "relationship_existence", "contract_matter", "dismissal_or_resignation", "working_conditions", "unpaid_pay", "other_money_claim", "other_dispute"]
EmployerViolation = Literal["internal_rules", "contract_rules", "child_labour", "women_and_minors_protection", "hours_and_leave", "wages_and_minimum_wage", "insurance_contributions", "agency_or_training_body", "work_safety"]
LegalMatter = Literal["no_legal_matter", "state_compensation", "social_insurance_or_dibao", "pension_or_relief", "maintenance", "wages_claim", "bravery_rights", "provincial_matter", "other_legal_matter"]
CriminalCaseRole = Literal["not_in_criminal_case", "suspect", "defendant", "victim", "private_prosecutor"]
CriminalCaseFeature = Literal["life_or_death_possible", "partial_mental_capacity", "compulsory_treatment_hearing"]
MilitaryStatus = Literal["no_service", "serving_conscript", "serving_other", "discharged"]
MilitaryRank = Literal["conscript", "junior_sergeant", "intermediate_sergeant", "senior_sergeant", "officer"]
MilitaryDisabilityGrade = Literal["no_military_disability", "grade_1", "grade_2", "grade_3", "grade_4", "grade_5", "grade_6", "grade_7", "grade_8", "grade_9", "grade_10"]
MilitaryHonour = Literal["no_honour", "cmc_title", "region_title", "merit_first", "merit_second", "merit_third"]
MilitaryDisabilityCause = Literal["war_wound", "duty_injury", "service_illness"]
VeteranRecognition = Literal["ill_discharged", "combat_veteran", "nuclear_test_veteran", "demobilised_old_soldier"]
SurvivorOf = Literal["not_survivor", "of_martyr", "of_died_on_duty", "of_died_of_illness"]
SurvivorRelation = Literal["surviving_parent", "surviving_partner", "surviving_child", "surviving_sibling"]
EmploymentStatus = Literal["employee", "public_employee", "own_account", "own_business_with_staff", "flexible_work", "farming", "jobless", "in_education", "pensioned", "conscript_service"]
EmployerKind = Literal["enterprise", "public_institution", "government_body", "association_or_nonprofit", "staffed_individual_business", "other_employer"]
PostCategory = Literal["worker_post", "cadre_post", "flexible_post"]
WorkRefusals = Literal["never_refused", "refused_before", "refused_three_times"]
JobLossReason = Literal["contract_expired", "employer_closed", "dismissed", "agreed_on_employer_proposal", "struck_off", "left_after_employer_breach", "resigned", "other_reason"]
StartUpGroup = Literal["released_prisoner", "capacity_cutting_worker", "returned_rural_migrant", "online_shop_owner", "village_official_graduate", "other_local_starter"]
SkillCertificateLevel = Literal["no_skill_certificate", "junior_level_5", "middle_level_4", "senior_level_3", "above_level_3"]
Place = Literal["dongbao", "duodao", "jingshan", "zhongxiang", "shayang", "zhanghe", "qujialing", "gaoxin", "dachaihu", "outside"]
HouseholdReceives = Literal["hotline_12333", "hotline_12333.telephone_advice", "hotline_12333.other_channels", "health_education", "health_education.printed_material", "health_education.audio_visual_material", "health_education.notice_boards", "health_education.centre_lectures", "health_education.village_lectures", "health_education.public_advice", "health_supervision_assistance", "health_supervision_assistance.food_borne_disease_reports", "health_supervision_assistance.drinking_water_patrols", "health_supervision_assistance.school_health", "health_supervision_assistance.illegal_practice_reports", "health_supervision_assistance.family_planning_reports", "food_drug_safety", "food_drug_safety.supervision", "food_drug_safety.complaint", "food_drug_safety.report_reward", "minimum_living_guarantee", "minimum_living_guarantee.gap_payment", "minimum_living_guarantee.extra_protection", "temporary_assistance", "temporary_assistance.emergency_ground", "temporary_assistance.expenditure_ground", "temporary_assistance.other_ground", "temporary_assistance.goods_and_referral", "disaster_relief", "disaster_relief.immediate_help", "disaster_relief.emergency_aid", "disaster_relief.emergency_aid_extension", "disaster_relief.transitional_aid", "disaster_relief.rebuilding_grant", "disaster_relief.winter_spring_aid", "disaster_relief.bereavement_grant", "basic_funeral_services", "basic_funeral_services.basic_services", "basic_funeral_services.fee_waiver", "basic_funeral_services.destitute_funeral", "public_rental_housing", "public_rental_housing.rental_home", "public_rental_housing.rental_subsidy", "public_rental_housing.priority_dibao_destitute", "public_rental_housing.priority_expropriated", "public_rental_housing.priority_elderly", "public_rental_housing.priority_veterans", "shantytown_renovation", "shantytown_renovation.money_compensation", "shantytown_renovation.property_exchange", "shantytown_renovation.exchange_on_or_near_the_site", "shantytown_renovation.moving_allowance", "shantytown_renovation.temporary_housing_allowance", "shantytown_renovation.business_loss", "shantytown_renovation.grants_and_rewards", "shantytown_renovation.priority_for_public_rental", "shantytown_renovation.tenants_and_occupiers", "shantytown_renovation.collective_land", "rural_dilapidated_house_renovation", "rural_dilapidated_house_renovation.renovation_grant", "rural_dilapidated_house_renovation.collective_home", "rural_dilapidated_house_renovation.priority_elderly", "local_opera_performances", "local_opera_performances.village_shows", "radio_broadcasting", "radio_broadcasting.digital_radio", "radio_broadcasting.analogue_radio", "radio_broadcasting.satellite_radio", "radio_broadcasting.village_loudspeakers", "radio_broadcasting.emergency_broadcast", "television_viewing", "television_viewing.digital_tv", "television_viewing.analogue_tv", "television_viewing.satellite_tv", "disabled_housing", "disabled_housing.rental_priority", "disabled_housing.renovation_priority", "disabled_housing.renovation_help_without_funds", "barrier_free_support", "barrier_free_support.public_facilities", "barrier_free_support.home_adaptation", "barrier_free_support.parking", "barrier_free_support.exams_for_the_blind", "barrier_free_support.voting"]
PersonReceives = Literal["free_compulsory_education", "free_compulsory_education.enrolment", "free_compulsory_education.no_fees", "free_compulsory_education.private_school_reduction", "free_compulsory_education.free_textbooks", "boarder_living_allowance", "boarder_living_allowance.boarder", "boarder_living_allowance.disabled_boarder", "boarder_living_allowance.day_pupil", "preschool_aid", "preschool_aid.registered_poor", "preschool_aid.other_children", "vocational_grant", "vocational_grant.registered_poor_grant", "vocational_grant.agriculture_grant", "vocational_grant.poor_student_grant", "vocational_tuition_waiver", "vocational_tuition_waiver.free_tuition", "vocational_tuition_waiver.urban_poor_tuition", "vocational_tuition_waiver.opera_tuition", "senior_high_grant", "senior_high_grant.registered_poor_grant", "senior_high_grant.poor_student_grant", "senior_high_tuition_waiver", "senior_high_tuition_waiver.free_tuition", "basic_public_employment_service", "basic_public_employment_service.job_service", "basic_public_employment_service.unemployment_registration", "basic_public_employment_service.personal_file_keeping", "basic_public_employment_service.rural_worker_service", "entrepreneurship_services", "entrepreneurship_services.start_up_guidance", "entrepreneurship_services.personal_loan", "entrepreneurship_services.small_firm_loan", "entrepreneurship_services.start_up_subsidy_for_graduates", "entrepreneurship_services.start_up_subsidy_for_hard_to_employ", "entrepreneurship_services.start_up_subsidy_for_returnees", "entrepreneurship_services.rent_subsidy", "entrepreneurship_services.living_subsidy", "entrepreneurship_services.housing_subsidy", "employment_assistance", "employment_assistance.guaranteed_job", "employment_assistance.assistance_service", "employment_assistance.public_post", "employment_assistance.flexible_insurance_subsidy", "employment_assistance.job_seeking_grant", "internship_service", "internship_service.graduate_internship", "internship_service.youth_internship", "internship_service.priority_for_hardship", "internship_service.student_placement", "joint_graduate_recruitment", "joint_graduate_recruitment.joint_recruitment", "skills_training_and_appraisal", "skills_training_and_appraisal.training_service", "skills_training_and_appraisal.training_subsidy", "skills_training_and_appraisal.appraisal_subsidy", "skills_training_and_appraisal.skill_upgrade_subsidy", "labour_relations_coordination", "labour_relations_coordination.contract_guidance", "labour_relations_coordination.collective_bargaining", "labour_dispute_mediation_arbitration", "labour_dispute_mediation_arbitration.mediation", "labour_dispute_mediation_arbitration.arbitration", "labour_dispute_mediation_arbitration.final_award", "labour_dispute_mediation_arbitration.advance_enforcement", "labour_inspection", "labour_inspection.complaint_and_report", "labour_inspection.payment_order", "labour_inspection.report_reward", "employee_pension", "employee_pension.employee_cover", "employee_pension.individual_cover", "employee_pension.monthly_pension", "employee_pension.pay_on_or_transfer", "employee_pension.invalidity_allowance", "employee_pension.funeral_grant", "employee_pension.survivor_payment", "resident_pension", "resident_pension.enrolment", "resident_pension.contribution_subsidy", "resident_pension.severely_disabled_contribution", "resident_pension.poverty_contribution", "resident_pension.monthly_pension", "resident_pension.arrears", "resident_pension.account_inheritance", "resident_pension.funeral_grant", "employee_medical_insurance", "employee_medical_insurance.employee_cover", "employee_medical_insurance.individual_cover", "employee_medical_insurance.unemployed_cover", "employee_medical_insurance.retired_cover", "employee_medical_insurance.cover", "employee_medical_insurance.inpatient_payment", "resident_medical_insurance", "resident_medical_insurance.enrolment", "resident_medical_insurance.premium_help", "resident_medical_insurance.destitute_premium", "resident_medical_insurance.inpatient_payment", "resident_medical_insurance.poverty_bonus", "resident_medical_insurance.serious_illness", "maternity_insurance", "maternity_insurance.cover", "maternity_insurance.birth_allowance", "maternity_insurance.miscarriage_allowance", "maternity_insurance.operation_allowance", "maternity_insurance.medical_costs", "maternity_insurance.farming_spouse_medical_costs", "maternity_insurance.extra_leave", "maternity_insurance.partner_leave", "maternity_insurance.employer_pays_instead", "unemployment_insurance", "unemployment_insurance.cover", "unemployment_insurance.cover_by_province", "unemployment_insurance.unemployment_benefit", "unemployment_insurance.benefit_until_retirement", "unemployment_insurance.temporary_aid", "unemployment_insurance.medical_premium", "unemployment_insurance.training_support", "unemployment_insurance.rural_worker_lump_sum", "unemployment_insurance.death_grant", "work_injury_insurance", "work_injury_insurance.cover", "work_injury_insurance.recognition", "work_injury_insurance.medical_treatment", "work_injury_insurance.paid_leave", "work_injury_insurance.lump_sum", "work_injury_insurance.monthly_allowance", "work_injury_insurance.retirement_top_up", "work_injury_insurance.employer_allowance", "work_injury_insurance.care_fee", "work_injury_insurance.medical_leaving_sum", "work_injury_insurance.employment_leaving_sum", "work_injury_insurance.uninsured_employer", "work_injury_insurance.death_funeral_grant", "work_injury_insurance.death_lump_sum", "work_injury_insurance.survivor_pension", "long_term_care_insurance", "long_term_care_insurance.cover", "long_term_care_insurance.assessment", "long_term_care_insurance.care_services", "resident_health_record", "resident_health_record.health_record", "immunization", "immunization.programme_vaccines", "immunization.catch_up_doses", "immunization.targeted_vaccination", "immunization.injury_compensation", "infectious_disease_emergency_reporting", "infectious_disease_emergency_reporting.reporting_and_response", "infectious_disease_emergency_reporting.case_management", "infectious_disease_emergency_reporting.living_support_in_isolation", "infectious_disease_emergency_reporting.wages_in_isolation", "infectious_disease_emergency_reporting.medical_aid", "child_health_management", "child_health_management.newborn_visits", "child_health_management.regular_checks", "maternal_health_management", "maternal_health_management.antenatal_services", "maternal_health_management.postpartum_home_visit", "maternal_health_management.day_42_check", "elderly_health_management", "elderly_health_management.yearly_check", "chronic_disease_management", "chronic_disease_management.blood_pressure_screening", "chronic_disease_management.hypertension_follow_up", "chronic_disease_management.diabetes_follow_up", "chronic_disease_management.glucose_tests", "chronic_disease_management.yearly_check", "severe_mental_disorder_management", "severe_mental_disorder_management.follow_up", "severe_mental_disorder_management.yearly_check", "tuberculosis_management", "tuberculosis_management.screening_and_referral", "tuberculosis_management.first_home_visit", "tuberculosis_management.supervised_medication", "tuberculosis_management.closing_assessment", "tcm_health_management", "tcm_health_management.constitution_identification", "tcm_health_management.child_guidance", "hiv_followup", "hiv_followup.follow_up", "hiv_followup.free_antiviral_drugs", "hiv_followup.opportunistic_infection_drugs", "hiv_followup.mother_to_child_prevention", "hiv_followup.school_fee_relief", "hiv_high_risk_intervention", "hiv_high_risk_intervention.intervention", "hiv_high_risk_intervention.counselling_and_test", "free_prepregnancy_checkup", "free_prepregnancy_checkup.prepregnancy_check", "free_prepregnancy_checkup.premarital_check", "essential_medicines", "essential_medicines.zero_markup", "essential_medicines.insurance_listing", "family_planning_guidance", "family_planning_guidance.guidance", "family_planning_guidance.free_contraceptives", "family_planning_guidance.basic_operations", "rural_family_planning_reward", "rural_family_planning_reward.reward", "special_family_planning_assistance", "special_family_planning_assistance.only_child_died", "special_family_planning_assistance.only_child_disabled", "special_family_planning_assistance.operation_complication", "destitute_support", "destitute_support.basic_living", "destitute_support.continued_support", "destitute_support.care", "destitute_support.institution_first", "destitute_support.medical_treatment", "destitute_support.funeral", "medical_assistance", "medical_assistance.premium_full", "medical_assistance.premium_fixed", "medical_assistance.inpatient_key", "medical_assistance.inpatient_other", "medical_assistance.deposit_waiver", "legal_aid", "legal_aid.advice", "legal_aid.civil_representation", "legal_aid.elderly_aid", "legal_aid.disabled_employee_aid", "legal_aid.criminal_means_tested", "legal_aid.assigned_defence", "elderly_welfare_subsidy", "elderly_welfare_subsidy.high_age_allowance", "elderly_welfare_subsidy.poor_elderly_subsidy", "children_in_difficulty", "children_in_difficulty.orphan_living_allowance", "children_in_difficulty.orphan_services", "children_in_difficulty.hiv_child_allowance", "children_in_difficulty.unsupported_child_allowance", "children_in_difficulty.unsupported_child_local_help", "children_in_difficulty.poverty_help", "children_in_difficulty.disability_help", "children_in_difficulty.guardianship_protection", "rural_left_behind_children", "rural_left_behind_children.care_and_protection", "rural_left_behind_children.emergency_protection", "veterans_benefits", "veterans_benefits.disability_pension", "veterans_benefits.care_fee", "veterans_benefits.survivors_pension", "veterans_benefits.death_grant", "veterans_benefits.martyr_commendation_grant", "veterans_benefits.demobilised_soldier_allowance", "veterans_benefits.ill_exsoldier_allowance", "veterans_benefits.combat_test_exsoldier_allowance", "veterans_benefits.rural_exconscript_allowance", "veterans_benefits.elderly_martyr_child_allowance", "veterans_benefits.conscript_family_grant", "veterans_benefits.disabled_soldier_travel", "veterans_benefits.serving_soldier_travel", "veterans_benefits.parks_and_museums", "veterans_benefits.medical_cover_grades_1_6", "veterans_benefits.medical_cover_grades_7_10", "veterans_benefits.medical_advantages", "veterans_benefits.assistive_devices", "veterans_benefits.education_priority", "veterans_benefits.martyr_child_education", "veterans_benefits.housing_priority", "veterans_benefits.public_service_priority", "veterans_resettlement", "veterans_resettlement.discharge_money", "veterans_resettlement.local_subsidy", "veterans_resettlement.free_training", "veterans_resettlement.employment_services", "veterans_resettlement.business_relief", "veterans_resettlement.kept_rights", "veterans_resettlement.assigned_job", "veterans_resettlement.waiting_allowance", "veterans_resettlement.delay_pay", "veterans_resettlement.retirement", "veterans_resettlement.lifelong_support", "veterans_resettlement.housing_grant", "centralised_support_of_veterans", "centralised_support_of_veterans.home_of_honour", "centralised_support_of_veterans.institution_for_disabled_soldier", "free_cultural_facilities", "free_cultural_facilities.library", "free_cultural_facilities.library_card", "free_cultural_facilities.cultural_centre", "free_cultural_facilities.museum", "free_cultural_facilities.pupils_free_day", "public_film_screening", "public_film_screening.village_films", "public_film_screening.pupil_films", "reading_services", "reading_services.library_reading", "reading_services.reading_rooms", "reading_services.newspaper_boards", "reading_services.accessible_reading", "heritage_site_discounts", "heritage_site_discounts.small_child_free", "heritage_site_discounts.minor_or_student", "heritage_site_discounts.pupils_in_group", "heritage_site_discounts.disabled_free", "heritage_site_discounts.elderly_reduction", "heritage_site_discounts.soldier_reduction", "heritage_site_discounts.low_income_reduction", "heritage_site_discounts.museum_reduction", "heritage_site_discounts.heritage_day", "heritage_site_discounts.heritage_day_everybody", "public_stadium_opening", "public_stadium_opening.general_opening", "public_stadium_opening.large_venue_hours", "public_stadium_opening.outdoor_area", "public_stadium_opening.fitness_day", "public_stadium_opening.reduced_groups", "public_stadium_opening.school_venues", "national_fitness_services", "national_fitness_services.equipment", "national_fitness_services.guidance", "national_fitness_services.events", "national_fitness_services.fitness_day_guidance", "disabled_living_and_care_subsidies", "disabled_living_and_care_subsidies.living_subsidy", "disabled_living_and_care_subsidies.care_subsidy", "jobless_severely_disabled_dibao", "jobless_severely_disabled_dibao.single_person_guarantee", "jobless_severely_disabled_dibao.extra_measures", "disabled_social_insurance_support", "disabled_social_insurance_support.pension_premium", "disabled_social_insurance_support.medical_premium", "disabled_social_insurance_support.hardship_premium_support", "disabled_social_insurance_support.rehabilitation_cover", "disabled_care_services", "disabled_care_services.care_place", "disabled_care_services.care_subsidy", "disabled_care_services.care_place_wider_circle", "disabled_rehabilitation", "disabled_rehabilitation.child_rehabilitation", "disabled_rehabilitation.basic_rehabilitation", "disabled_rehabilitation.key_projects", "disabled_rehabilitation.assistive_device", "disabled_education", "disabled_education.school_place", "disabled_education.home_teaching", "disabled_education.free_textbooks", "disabled_education.pupil_aid", "disabled_education.senior_high_tuition", "disabled_education.vocational_tuition", "disabled_education.vocational_place", "disabled_education.kindergarten_place", "disabled_training_employment", "disabled_training_employment.employment_services", "disabled_training_employment.training", "disabled_training_employment.training_subsidy", "disabled_training_employment.start_up_services", "disabled_training_employment.start_up_grant", "disabled_training_employment.supported_employment", "disabled_culture_sports", "disabled_culture_sports.venue_fees", "disabled_culture_sports.blind_reading", "disabled_culture_sports.captions_and_sign_language", "disabled_culture_sports.blind_city_transport", "disabled_culture_sports.blind_mail", "disabled_culture_sports.carried_devices"]


class Household(FactsModel):
    """Facts of a household. What is None is unknown."""

    members_complete: Truth = None
    """whether every member of the household is listed; true unless said otherwise"""
    receives: Annotated[list[HouseholdReceives] | None, Several] = None
    """what is received now; an empty list when nothing is"""
    hukou_county: Annotated[Place | None, Given] = None
    """户籍所在县（市、区） / county of household registration"""
    hukou_area: Annotated[HukouArea | None, Given] = None
    """户籍地类型 / kind of area of household registration"""
    residence_county: Annotated[Place | None, Given] = None
    """现居住县（市、区） / county of residence"""
    residence_area: Annotated[HukouArea | None, Given] = None
    """现居住地类型 / kind of area of residence"""
    property_within_dibao_rule: Truth = None
    """财产符合当地低保规定 / property is within the local dibao rule"""
    welfare_allowances_count_for_dibao: Truth = None
    """当地低保计入福利性津贴 / welfare allowances count as income for dibao here"""
    still_in_hardship_after_dibao: Truth = None
    """领取低保后生活仍有困难 / still in hardship after dibao"""
    locally_recognised_hardship: Truth = None
    """当地认定的经济困难家庭 / recognised locally as a family in economic hardship"""
    impoverished_by_illness: Truth = None
    """因病致贫家庭 / family impoverished by illness"""
    poverty_exit_recognised: Truth = None
    """建档立卡户已脱贫 / registered poor household recognised as out of poverty"""
    emergency_event: Annotated[EmergencyEvent | None, Given] = None
    """突发事件 / sudden event"""
    basic_living_in_serious_difficulty: Truth = None
    """基本生活暂时严重困难 / basic living is temporarily in serious difficulty"""
    necessary_expenses_exceed_means: Truth = None
    """生活必需支出突然超出承受能力 / necessary expenses suddenly exceed what the family can bear"""
    other_special_difficulty_recognised: Truth = None
    """当地认定的其他特殊困难 / other special difficulty recognised locally"""
    other_aid_insufficient: Truth = None
    """其他救助尚未覆盖或仍有严重困难 / other aid does not reach or does not suffice"""
    disaster_affected: Truth = None
    """因自然灾害基本生活受严重影响 / basic living severely affected by a natural disaster"""
    disaster_date: Day = None
    """受灾日期 / date of the disaster"""
    evacuation: Annotated[Evacuation | None, Given] = None
    """转移安置方式 / evacuation"""
    urgent_need_after_disaster: Truth = None
    """受灾后急需生活救助 / urgent need after the disaster"""
    disaster_house_damage: Annotated[HouseDamage | None, Given] = None
    """房屋受灾情况 / damage to the house by the disaster"""
    no_dwelling_after_disaster: Truth = None
    """因灾无房可住 / no house to live in after the disaster"""
    no_source_of_living_after_disaster: Truth = None
    """因灾无生活来源 / no source of living after the disaster"""
    no_self_rescue_capacity: Truth = None
    """无自救能力 / no capacity to recover by itself"""
    winter_spring_hardship: Truth = None
    """冬春生活困难（经评估） / assessed hardship in winter or spring after the disaster"""
    bereaved_by_disaster: Truth = None
    """家人因灾遇难 / relative killed by the disaster"""
    food_drug_report_verified: Truth = None
    """举报的食品药品违法行为经查证属实 / reported food or drug offence has been verified"""
    has_local_housing: Truth = None
    """在本地有住房 / has a home of its own locally"""
    floor_area_below_local_line: Truth = None
    """住房面积低于当地标准 / floor area is below the local line"""
    income_within_rental_line: Truth = None
    """收入符合公租房条件 / income is within the local public-rental line"""
    property_within_rental_line: Truth = None
    """财产符合公租房条件 / property is within the local public-rental line"""
    home_in_renovation_area: Truth = None
    """住房在棚改（征收）范围内 / home lies in an approved renovation or expropriation area"""
    home_lawful: Truth = None
    """住房合法或已被认定 / home is lawful or has been recognised"""
    home_on_collective_land: Truth = None
    """住房在集体土地上 / home stands on collective land"""
    home_tenure: Annotated[HomeTenure | None, Given] = None
    """住房性质 / how the home is held"""
    business_in_home: Truth = None
    """住房用于合法经营 / lawful business is run in the home"""
    old_quarter_rebuilding: Truth = None
    """旧城区改建征收 / expropriation for rebuilding an old quarter"""
    dwelling_danger_grade: Annotated[DwellingGrade | None, Given] = None
    """房屋危险等级 / danger grade of the house"""
    sole_dwelling: Truth = None
    """唯一住房 / the only dwelling"""
    cannot_raise_building_funds: Truth = None
    """无力自筹建房资金 / cannot raise its own funds for building"""
    needs_home_adaptation: Truth = None
    """需要家庭无障碍改造 / needs barrier-free changes at home"""
    cable_tv_reached: Truth = None
    """有线电视已通达 / cable television reaches the home"""
    recent_death: Truth = None
    """家中有人去世待办后事或待遇 / a member has died and matters are to be settled"""
    death_date: Day = None
    """去世日期 / date of death"""
    deceased_circumstances: Annotated[list[DeceasedCircumstance] | None, Several] = None
    """去世者生前情况 / circumstances of the deceased"""
    deceased_monthly_wage: Money = None
    """去世者月工资 / monthly wage of the deceased, CNY/month"""
    deceased_pension_account: Money = None
    """去世者居民养老个人账户余额 / balance of the deceased's resident pension account, CNY"""
    in_cremation_area: Truth = None
    """属于火葬区 / within a cremation area"""
    in_funeral_waiver_circle: Truth = None
    """属于当地殡葬费用减免范围 / within the local circle for funeral fee waivers"""
    serviceman_death: Annotated[ServicemanDeath | None, Given] = None
    """军人牺牲病故类别 / kind of serviceman's death"""
    dead_soldier_has_nearer_survivors: Truth = None
    """牺牲病故军人有父母（抚养人）、配偶或子女 / the dead serviceman has parents, a spouse or children"""
    serviceman_death_honour: Annotated[MilitaryHonour | None, Given] = None
    """牺牲病故军人最高荣誉 / highest honour of the dead serviceman"""
    dibao_household: Truth = None
    """低保家庭 / dibao household (attested by dibao_certificate)"""
    poverty_registered: Truth = None
    """建档立卡贫困户 / household on the poverty register (attested by poverty_handbook)"""
    low_income_household: Truth = None
    """低收入家庭 / low-income household (attested by low_income_certificate)"""
    zero_employment_household: Truth = None
    """城镇零就业家庭 / urban zero-employment household (attested by zero_employment_certificate)"""


class Person(FactsModel):
    """Facts of a person. What is None is unknown."""

    id: Id = None
    """what results call this member: a short word, such as father, or a number; never a name"""
    receives: Annotated[list[PersonReceives] | None, Several] = None
    """what is received now; an empty list when nothing is"""
    father_situation: Annotated[ParentSituation | None, Given] = None
    """父亲情况 / situation of the father"""
    mother_situation: Annotated[ParentSituation | None, Given] = None
    """母亲情况 / situation of the mother"""
    parents_away: Annotated[ParentsAway | None, Given] = None
    """父母外出务工情况 / parents working away"""
    parent_at_home_able_to_guard: Truth = None
    """在家的一方有监护能力 / the parent at home is able to be guardian"""
    lives_with_parents: Truth = None
    """与父母正常共同生活 / lives normally with the parents"""
    lives_alone: Truth = None
    """独自居住 / lives alone"""
    child_difficulties: Annotated[list[ChildDifficulty] | None, Several] = None
    """儿童困境类型 / difficulties of the child"""
    birth_date: Day = None
    """出生日期 / date of birth"""
    sex: Annotated[Sex | None, Given] = None
    """性别 / sex"""
    relation: Annotated[Relation | None, Given] = None
    """与咨询人的关系 / relation to the person who asks"""
    marital_status: Annotated[MaritalStatus | None, Given] = None
    """婚姻状况 / marital status"""
    chinese_citizen: Truth = None
    """中国国籍 / Chinese national"""
    hukou_with_household: Truth = None
    """户口与家庭在一起 / registered together with the household"""
    own_hukou_county: Annotated[Place | None, Given] = None
    """本人户籍所在县（市、区）（与家庭不同时） / own county of registration, where it differs"""
    own_hukou_area: Annotated[HukouArea | None, Given] = None
    """本人户籍地类型（与家庭不同时） / own kind of area of registration, where it differs"""
    usual_residence: Annotated[Place | None, Given] = None
    """本人常住县（市、区） / county where this person usually lives"""
    months_lived_in_jingmen: Whole = None
    """在荆门连续居住月数 / months lived in Jingmen without a break, month"""
    holds_residence_permit: Truth = None
    """持有本地居住证 / holds a local residence permit"""
    lives_with_household: Truth = None
    """与家人共同生活 / lives with the household"""
    living_setting: Annotated[LivingSetting | None, Given] = None
    """生活（供养）场所 / place of living or support"""
    long_absent_clergy: Truth = None
    """脱离家庭三年以上的宗教教职人员 / clergy who have lived apart for three years or more"""
    criminal_status: Annotated[CriminalStatus | None, Given] = None
    """服刑等情况 / sentence or wanted status"""
    spouse_birth_date: Day = None
    """配偶出生日期 / spouse's date of birth"""
    spouse_local_hukou: Truth = None
    """配偶是本市户籍 / spouse is registered in Jingmen"""
    spouse_rural_hukou: Truth = None
    """配偶是农村户籍 / spouse is registered in the countryside"""
    spouse_months_lived_in_jingmen: Whole = None
    """配偶在荆门连续居住月数 / months the spouse has lived in Jingmen, month"""
    spouse_in_maternity_insurance: Truth = None
    """配偶参加生育保险 / spouse is insured for maternity"""
    height_under_120_cm: Truth = None
    """身高1.2米（含）以下 / up to 1.2 m tall"""
    works_as_teacher: Truth = None
    """在职教师 / works as a teacher"""
    disability_grade: Annotated[DisabilityGrade | None, Given] = None
    """残疾等级 / disability grade"""
    disability_types: Annotated[list[DisabilityType] | None, Several] = None
    """残疾类别 / kinds of disability"""
    needs_long_term_care: Truth = None
    """需要长期照护六个月以上 / needs special care for six months or longer"""
    self_care_level: Annotated[SelfCareLevel | None, Given] = None
    """生活自理能力等级 / self-care level"""
    rehabilitation_need: Truth = None
    """有康复需求 / needs rehabilitation"""
    needs_care_placement: Truth = None
    """需要托养服务 / needs a place in care services"""
    lives_on_family_support: Truth = None
    """靠家庭供养 / lives on the family's support"""
    cannot_form_own_household: Truth = None
    """无法单独立户 / cannot set up a separate household"""
    labour_capacity_lost_by_provincial_rule: Truth = None
    """省里规定的其他无劳动能力情形 / without labour capacity under a provincial rule"""
    school_stage: Annotated[SchoolStage | None, Given] = None
    """就读阶段 / stage of school"""
    school_year: Whole = None
    """年级（学制第几年） / year of study in this stage, year"""
    school_ownership: Annotated[SchoolOwnership | None, Given] = None
    """学校性质 / public or private school"""
    kindergarten_approved: Truth = None
    """经县级以上教育部门批准的幼儿园 / kindergarten approved at county level or above"""
    kindergarten_inclusive: Truth = None
    """普惠性幼儿园（含公办） / public or recognised inclusive kindergarten"""
    boards_at_school: Truth = None
    """在校寄宿 / boards at school"""
    full_time_formal_enrolment: Truth = None
    """全日制正式学籍 / on the full-time roll"""
    vocational_major: Annotated[VocationalMajor | None, Given] = None
    """中职专业类别 / kind of vocational major"""
    recognised_poor_by_school: Truth = None
    """学校认定的家庭经济困难学生（幼儿） / recognised by the school or kindergarten as from a poor family"""
    approved_public_tuition: Money = None
    """同类公办学校批准的学费 / approved public tuition, CNY/year"""
    disabled_pupil_placement: Annotated[PupilPlacement | None, Given] = None
    """残疾学生安置方式 / placement of a disabled pupil"""
    wants_vocational_schooling: Truth = None
    """愿意接受中等职业教育 / wishes to go on to vocational school"""
    on_university_placement: Truth = None
    """大学生实习中 / university student on placement"""
    highest_education: Annotated[EducationLevel | None, Given] = None
    """最高学历 / highest education completed"""
    graduation_date: Day = None
    """最近一次毕业日期 / date of the last graduation"""
    in_graduation_year: Truth = None
    """处于毕业年度 / in the graduation year"""
    in_graduating_class: Truth = None
    """毕业班在校生 / in the final year of study"""
    state_study_loan: Truth = None
    """获得国家助学贷款 / holds a state study loan"""
    diagnoses: Annotated[list[Diagnosis] | None, Several] = None
    """医院确诊的疾病 / illnesses confirmed by a hospital"""
    seriously_ill: Truth = None
    """患重大疾病 / seriously ill"""
    tb_symptoms: Truth = None
    """有肺结核可疑症状 / symptoms that may be tuberculosis"""
    tb_case_closed: Truth = None
    """肺结核疗程结束并已结案 / tuberculosis treatment finished and case closed"""
    infection_status: Annotated[InfectionStatus | None, Given] = None
    """传染病情况 / infectious disease"""
    health_emergency_victim: Truth = None
    """突发公共卫生事件受害者 / affected by a public health emergency"""
    under_isolation: Truth = None
    """正在接受政府隔离措施 / under isolation by the government"""
    hiv_confirmed: Truth = None
    """确诊感染艾滋病病毒（自愿回答） / HIV infection confirmed (voluntary)"""
    hiv_risk_declared: Truth = None
    """自述有感染艾滋病病毒的风险（自愿回答） / says that there is a risk of HIV (voluntary)"""
    vaccination_group_designated: Truth = None
    """指定的重点接种人群 / in a group designated for vaccination"""
    vaccine_injury: Truth = None
    """预防接种异常反应致死、严重残疾或器官损伤 / death, severe disability or organ damage from a vaccine reaction"""
    buys_essential_medicine_locally: Truth = None
    """在政府办基层医疗机构使用基本药物 / uses essential medicines from a government-run clinic"""
    pregnancy_weeks: Whole = None
    """怀孕周数 / weeks of pregnancy, week"""
    planning_pregnancy: Truth = None
    """计划怀孕（符合政策） / couple plans a pregnancy within the policy"""
    prepregnancy_check_used: Truth = None
    """本次计划怀孕已做过免费检查 / free check already used for this plan"""
    children_ever: Whole = None
    """生育和收养子女总数 / children born or adopted in all, person"""
    living_children: Whole = None
    """现存子女数 / living children, person"""
    living_daughters: Whole = None
    """现存女儿数 / living daughters, person"""
    only_child_left_before_death: Truth = None
    """子女死亡前只剩一个孩子 / one child was left before the death"""
    only_child_disability_grade: Annotated[DisabilityGrade | None, Given] = None
    """独生子女残疾等级 / disability grade of the only child"""
    child_from_earlier_marriage: Truth = None
    """再婚，独生子女是以前的婚姻所生 / remarried, and the only child is of an earlier marriage"""
    birth_policy_compliant: Truth = None
    """没有违反计划生育政策生育 / no birth or adoption in breach of the policy"""
    operation_complication_grade: Annotated[ComplicationGrade | None, Given] = None
    """计划生育手术并发症等级 / graded complication of a family-planning operation"""
    mixed_hukou_couple_accepted: Truth = None
    """夫妻仅一方农村户口、按省规定可享受奖励扶助 / couple with one rural registration is accepted for the reward"""
    planning_to_marry: Truth = None
    """准备登记结婚 / about to register a marriage"""
    wage_income: Money = None
    """每月工资收入 / monthly wages, CNY/month"""
    business_income: Money = None
    """每月经营净收入 / monthly net income from farming or business, CNY/month"""
    pension_income: Money = None
    """每月养老金（不含居民基础养老金和优抚金） / monthly pension, without the basic resident pension and veteran payments, CNY/month"""
    basic_resident_pension_income: Money = None
    """每月居民基础养老金 / monthly basic part of the resident pension, CNY/month"""
    welfare_allowance_income: Money = None
    """每月福利性津贴（不含残疾人两项补贴） / monthly welfare allowances, without the two disability subsidies, CNY/month"""
    property_income: Money = None
    """每月财产性收入 / monthly income from property, CNY/month"""
    support_income: Money = None
    """每月赡养费、抚养费等 / monthly support from people outside the household, CNY/month"""
    other_income: Money = None
    """其他收入（不含残疾人两项补贴、优抚金和社会救助金） / other monthly income, without disability subsidies, veteran payments and social assistance, CNY/month"""
    imputed_family_support: Money = None
    """核算的家庭供养收入 / family support imputed by the office, CNY/month"""
    other_living_allowance: Money = None
    """养老、因公伤残、离休等福利性生活补贴 / living allowance as an elder, a person injured on duty or a retired cadre, CNY/month"""
    other_care_allowance: Money = None
    """养老、因公伤残、离休等福利性护理补贴 / care allowance as an elder, a person injured on duty or a retired cadre, CNY/month"""
    property_within_destitute_rule: Truth = None
    """财产符合当地特困规定 / property is within the local destitute-support rule"""
    legal_supporters: Annotated[LegalSupporters | None, Given] = None
    """法定赡养、抚养、扶养人情况 / legal supporters"""
    income_below_local_average: Truth = None
    """收入低于当地居民平均生活水平 / income is below the local average living level"""
    in_work_injury_insurance: Truth = None
    """参加工伤保险 / insured for work injury"""
    injury_circumstance: Annotated[InjuryCircumstance | None, Given] = None
    """受伤或患病情形 / how the injury or disease came about"""
    injury_excluded_cause: Truth = None
    """因犯罪、醉酒、吸毒或自残造成 / caused by crime, drink, drugs or self-harm"""
    injury_date: Day = None
    """受伤或职业病确诊日期 / date of the injury or diagnosis"""
    injury_grade: Annotated[InjuryGrade | None, Given] = None
    """工伤伤残等级 / grade of the work injury"""
    injury_care_level: Annotated[InjuryCareLevel | None, Given] = None
    """工伤生活护理等级 / care level after the work injury"""
    injury_own_wage: Money = None
    """工伤职工本人工资（前12个月平均缴费工资） / own wage: average contribution wage of the 12 months before, CNY/month"""
    injury_wage_within_bounds: Truth = None
    """本人工资在统筹地区平均工资的60%至300%之间 / own wage lies between 60% and 300% of the regional average wage"""
    left_injury_employer: Truth = None
    """与发生工伤的单位解除或终止合同 / has left the employer where the injury happened"""
    no_suitable_job_at_employer: Truth = None
    """单位难以安排工作 / employer has no suitable job"""
    injury_survivor: Annotated[InjurySurvivor | None, Given] = None
    """因工死亡职工的供养亲属 / survivor supported by a worker who died of a work injury"""
    lone_or_orphaned_survivor: Truth = None
    """供养亲属是孤寡老人或孤儿 / the survivor is a lone elder or an orphan"""
    months_unable_to_care_for_self: Whole = None
    """持续失能月数 / months unable to care for oneself, month"""
    care_assessment_level: Annotated[CareAssessmentLevel | None, Given] = None
    """失能评估等级 / assessed degree of disability for long-term care"""
    care_setting: Annotated[CareSetting | None, Given] = None
    """护理方式 / form of care"""
    care_paid_elsewhere: Truth = None
    """护理费已由医保或工伤保险支付 / care is already paid by medical or work-injury insurance"""
    pension_scheme: Annotated[PensionScheme | None, Given] = None
    """参加的养老保险 / pension scheme"""
    employee_pension_months_paid: Whole = None
    """职工养老保险累计缴费月数（含视同） / months paid into the employee scheme, with deemed months, month"""
    employee_pension_account: Money = None
    """职工养老保险个人账户储存额 / balance of the employee pension account, CNY"""
    pension_wage_index: Number = None
    """平均缴费工资指数 / average contribution-wage index"""
    service_before_1996: Truth = None
    """建立个人账户前有连续工龄 / service before the account system"""
    resident_pension_years_paid: Whole = None
    """居民养老保险累计缴费年数 / years paid into the resident scheme, year"""
    resident_pension_account: Money = None
    """居民养老保险个人账户储存额 / balance of the resident pension account, CNY"""
    resident_pension_contribution: Money = None
    """居民养老保险每年缴费档次 / yearly contribution tier of the resident scheme, CNY/year"""
    resident_scheme_start_group: Annotated[ResidentSchemeStartGroup | None, Given] = None
    """居民养老保险制度实施时的年龄段 / age when the resident scheme began"""
    medical_cover: Annotated[MedicalCover | None, Given] = None
    """参加的基本医疗保险 / basic medical insurance"""
    employee_medical_months_paid: Whole = None
    """职工医保累计缴费月数 / months paid into employee medical insurance, month"""
    in_policy_inpatient_cost_left: Money = None
    """保险报销后剩余的政策范围内住院费用（年） / in-policy inpatient cost left after all insurance, this year, CNY/year"""
    medical_aid_drawn_this_year: Money = None
    """今年已享受的医疗救助 / medical assistance already drawn this year, CNY/year"""
    in_maternity_insurance: Truth = None
    """单位缴纳生育保险 / employer pays maternity insurance"""
    maternity_event: Annotated[MaternityEvent | None, Given] = None
    """生育或计划生育手术情况 / birth, miscarriage or operation in the last year"""
    maternity_event_date: Day = None
    """生育、流产或手术日期 / date of the birth, miscarriage or operation"""
    difficult_birth: Truth = None
    """难产 / difficult birth"""
    babies_born: Whole = None
    """本次生育婴儿数 / babies born at this birth, person"""
    miscarriage_weeks: Whole = None
    """流产时怀孕周数 / week of pregnancy at the miscarriage, week"""
    employer_average_wage: Money = None
    """单位上年度职工月平均工资 / employer's average monthly wage of last year, CNY/month"""
    unemployment_months_paid: Whole = None
    """失业保险累计缴费月数 / months paid into unemployment insurance, month"""
    unused_benefit_months: Whole = None
    """上次未领完的失业保险金月数 / unused months of unemployment benefit, month"""
    unemployment_benefit_exhausted: Truth = None
    """失业保险金已领取期满 / unemployment benefit has run out"""
    rural_contract_worker: Truth = None
    """本人未缴费的农民合同制工人 / rural contract worker who paid nothing"""
    continuous_work_months: Whole = None
    """在同一单位连续工作月数 / months of continuous work for the employer, month"""
    resident_pension_due_years_paid: Truth = None
    """制度实施以来应缴年份已逐年缴清 / every year due since the scheme began is paid"""
    in_policy_inpatient_cost: Money = None
    """本次住院政策范围内费用（报销前） / in-policy cost of this hospital stay, before insurance, CNY"""
    in_policy_cost_after_basic_insurance: Money = None
    """今年基本医保报销后个人负担的合规费用 / in-policy cost left this year after basic medical insurance, CNY/year"""
    treatment_other_payer: Annotated[TreatmentOtherPayer | None, Given] = None
    """医疗费应由谁负担 / who else is to pay for the treatment"""
    moved_abroad: Truth = None
    """已移居境外 / has emigrated"""
    labour_dispute_matter: Annotated[LabourDisputeMatter | None, Given] = None
    """劳动人事争议事项 / matter of the labour dispute"""
    labour_dispute_known_date: Day = None
    """知道权利受侵害（或最近一次主张权利）的日期 / day the dispute became known or was last claimed"""
    labour_relationship_ended: Truth = None
    """劳动关系已终止 / labour relationship has ended"""
    labour_relationship_end_date: Day = None
    """劳动关系终止日期 / date the labour relationship ended"""
    dispute_claim_amount: Money = None
    """争议金额 / sum in dispute, CNY"""
    employer_violations: Annotated[list[EmployerViolation] | None, Several] = None
    """用人单位违法事项 / what the employer has done wrong"""
    violation_continues: Truth = None
    """违法行为仍在继续 / violation still goes on"""
    violation_end_date: Day = None
    """违法行为终了日期 / date the violation ended"""
    violation_in_arbitration_or_court: Truth = None
    """已进入仲裁或诉讼（或应当通过仲裁诉讼解决） / matter is in, or belongs in, arbitration or court"""
    legal_matter: Annotated[LegalMatter | None, Given] = None
    """需要法律援助的民事、行政事项 / civil or administrative matter for legal aid"""
    criminal_case_role: Annotated[CriminalCaseRole | None, Given] = None
    """刑事案件中的身份 / part in a criminal case"""
    criminal_case_features: Annotated[list[CriminalCaseFeature] | None, Several] = None
    """刑事案件特殊情形 / special features of the criminal case"""
    has_own_lawyer: Truth = None
    """已自行委托律师 / has a lawyer already"""
    legal_aid_means_test_met: Truth = None
    """符合法律援助经济困难标准 / meets the means test for legal aid"""
    military_status: Annotated[MilitaryStatus | None, Given] = None
    """服役情况 / military service"""
    military_rank: Annotated[MilitaryRank | None, Given] = None
    """现役或退役时的身份 / rank, or rank at discharge"""
    enlistment_date: Day = None
    """入伍日期 / date of enlistment"""
    discharge_date: Day = None
    """退役日期 / date of discharge"""
    conscript_service_months: Whole = None
    """义务兵服役月数 / months served as a conscript, month"""
    settled_rural_at_discharge: Truth = None
    """退役时落户农村 / settled with a rural registration at discharge"""
    military_disability_grade: Annotated[MilitaryDisabilityGrade | None, Given] = None
    """残疾军人等级 / grade of military disability"""
    military_disability_cause: Annotated[MilitaryDisabilityCause | None, Given] = None
    """致残性质 / cause of the military disability"""
    veteran_recognitions: Annotated[list[VeteranRecognition] | None, Several] = None
    """优抚身份认定 / recognised kinds of veteran"""
    veteran_in_hardship: Truth = None
    """退役人员生活困难（经认定） / veteran in hardship, recognised"""
    highest_honour: Annotated[MilitaryHonour | None, Given] = None
    """服役期间最高荣誉 / highest honour in service"""
    honour_in_war: Truth = None
    """战时立功 / honour won in war"""
    survivor_of: Annotated[SurvivorOf | None, Given] = None
    """遗属类别 / survivor of a serviceman"""
    survivor_relation: Annotated[SurvivorRelation | None, Given] = None
    """与烈士、牺牲病故军人的关系 / relation to the dead serviceman"""
    supported_by_dead_soldier: Truth = None
    """生前由该军人供养 / was supported by the serviceman"""
    drew_survivors_pension_as_child: Truth = None
    """18周岁以前享受过定期抚恤金 / drew the survivors' pension before the age of 18"""
    chooses_self_employment: Truth = None
    """选择自主就业 / chooses self-employment"""
    reported_in_time: Truth = None
    """按时报到（或有正当理由） / reported in time, or late for a good reason"""
    refused_assigned_job: Truth = None
    """无正当理由拒绝安排的工作 / refused the assigned job without reason"""
    waiting_for_assigned_job: Truth = None
    """待安排工作期间 / waiting for the assigned job"""
    assigned_unit_delays: Truth = None
    """接收单位未按时安排上岗 / receiving unit delays the job"""
    assigned_unit_average_pay: Money = None
    """接收单位月平均工资 / average monthly pay of the receiving unit, CNY/month"""
    lost_basic_capacity_by_illness: Truth = None
    """因病基本丧失工作能力（士官） / lost basic working capacity through illness"""
    wants_institutional_support: Truth = None
    """愿意集中供养 / wishes to live in an institution"""
    institution_approved_for_disabled_soldier: Truth = None
    """批准一至四级残疾军人集中供养 / institution approved for a disabled soldier of grades 1 to 4"""
    employment_status: Annotated[EmploymentStatus | None, Given] = None
    """就业状况 / employment status"""
    flexible_work_for_employer: Truth = None
    """灵活就业但有工作单位（如非全日制用工） / flexible work for an employer (such as part-time)"""
    work_county: Annotated[Place | None, Given] = None
    """工作单位所在县（市、区） / county of the place of work"""
    employer_kind: Annotated[EmployerKind | None, Given] = None
    """用人单位类型 / kind of employer"""
    post_category: Annotated[PostCategory | None, Given] = None
    """女职工岗位类别 / kind of post (for the retirement age of women)"""
    hazardous_trade_qualified: Truth = None
    """特殊工种年限达到提前退休条件 / years in hazardous work qualify for early retirement"""
    incapacity_certified: Truth = None
    """因病或非因工完全丧失劳动能力（经鉴定） / total incapacity from illness or a non-work cause, certified"""
    able_to_work: Truth = None
    """有劳动能力 / able to work"""
    wants_job: Truth = None
    """有就业意愿 / wants a job"""
    needs_employment_service: Truth = None
    """需要就业登记、咨询等服务 / needs registration, information or advice about work"""
    work_refusals: Annotated[WorkRefusals | None, Given] = None
    """无正当理由拒绝介绍的工作 / suitable work or training refused without reason"""
    jobless_since: Day = None
    """失业日期 / jobless since"""
    job_loss_reason: Annotated[JobLossReason | None, Given] = None
    """失去工作的原因 / reason of the job loss"""
    unemployment_registration_date: Day = None
    """失业登记日期 / date of unemployment registration"""
    land_lost_in_hardship: Truth = None
    """生活困难的失地农民 / land-losing farmer in hardship"""
    recognised_hard_to_employ_before: Truth = None
    """就业（创业）前已认定为就业困难人员 / recognised as hard to employ before the present work or business"""
    former_orphan: Truth = None
    """成年孤儿 / grew up as an orphan"""
    has_work_experience: Truth = None
    """有工作经历 / has work experience"""
    newly_employed: Truth = None
    """新就业职工（按当地规定） / newly employed by the local definition"""
    stable_local_employment: Truth = None
    """在本地稳定就业达到规定年限 / in stable local employment for the set time"""
    wants_to_start_business: Truth = None
    """有创业意愿或正在创业 / wants to start or is starting a business"""
    start_up_groups: Annotated[list[StartUpGroup] | None, Several] = None
    """创业扶持对象类别 / groups supported in starting a business"""
    business_registered_on: Day = None
    """创业登记注册日期 / date of business registration"""
    first_business: Truth = None
    """首次创办 / the first business"""
    business_jobs: Whole = None
    """带动就业人数 / jobs in the business, person"""
    small_firm_qualifies_for_loan: Truth = None
    """小微企业符合创业担保贷款条件 / small firm meets the loan conditions"""
    wants_training: Truth = None
    """有培训意愿 / wants vocational training"""
    moving_to_non_farm_work: Truth = None
    """农村转移就业劳动者 / rural worker moving to non-farm work"""
    in_employer_training: Truth = None
    """参加企业符合条件的职工培训 / in qualifying training of the employer"""
    skill_certificate_level: Annotated[SkillCertificateLevel | None, Given] = None
    """职业资格（技能等级）证书级别 / level of the skill certificate"""
    skill_certificate_date: Day = None
    """证书核发日期 / date of the skill certificate"""
    same_certificate_subsidised: Truth = None
    """同一证书已享受培训或技能提升补贴 / same certificate already subsidised"""
    flexible_contributions_paid: Money = None
    """灵活就业每月实缴社会保险费 / social-insurance contributions paid in flexible work, CNY/month"""
    insurance_subsidy_months_used: Whole = None
    """已享受社会保险补贴月数 / months of social-insurance subsidy used, month"""
    public_post_months_used: Whole = None
    """已享受公益性岗位补贴月数 / months of public-post subsidy used, month"""
    orphan: Truth = None
    """孤儿 / orphan (attested by orphan_certificate)"""
    single_person_dibao: Truth = None
    """按单人户享受低保 / draws dibao as a single-person household (attested by single_person_dibao_certificate)"""
    destitute_supported: Truth = None
    """特困供养人员 / person in destitute support (attested by destitute_certificate)"""
    orphan_allowance_recipient: Truth = None
    """享受孤儿基本生活费 / draws the orphan allowance (attested by orphan_certificate)"""
    work_injury_care_recipient: Truth = None
    """领取工伤生活护理费 / draws the work-injury care allowance (attested by work_injury_payment_record)"""
    work_injury_allowance_recipient: Truth = None
    """领取工伤伤残津贴 / draws the monthly work-injury allowance (attested by work_injury_payment_record)"""
    employee_pensioner: Truth = None
    """领取职工（含机关事业单位）养老金或退休金 / draws an employee or public-service pension (attested by pension_certificate)"""
    resident_pensioner: Truth = None
    """领取城乡居民养老金 / draws a resident pension (attested by resident_pension_record)"""
    unemployment_benefit_recipient: Truth = None
    """领取失业保险金 / draws unemployment benefit (attested by unemployment_benefit_record)"""
    long_term_care_recipient: Truth = None
    """享受长期护理保险待遇 / draws long-term care insurance benefits (attested by long_term_care_record)"""
    maternity_allowance_recipient: Truth = None
    """领取生育津贴 / draws the maternity allowance (attested by maternity_allowance_record)"""
    periodic_veteran_payment_recipient: Truth = None
    """享受定期抚恤或生活补助的优抚对象 / draws a periodic veteran or survivor payment (attested by veteran_payment_record)"""
    veteran_old_age_allowance_recipient: Truth = None
    """享受烈士老年子女补助或农村籍退役士兵老年生活补助 / draws the allowance of elderly children of martyrs or of rural ex-conscripts (attested by veteran_payment_record)"""
    registered_unemployed: Truth = None
    """登记失业人员 / registered as unemployed (attested by employment_card)"""
    hard_to_employ: Truth = None
    """就业困难人员 / hard-to-employ person (attested by employment_card)"""
    work_injury_recognised: Truth = None
    """经认定的工伤 / recognised work injury (attested by work_injury_decision)"""


class HouseholdFile(FactsModel):
    """A household as the pack `jingmen` reads it. What is left out is unknown."""

    members: list[Person] = Field(min_length=1)
    household: Household | None = Field(default_factory=Household)
    on: Day = None
    pack: PackName = None
